using System.Text.Json.Serialization;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.Security;

namespace Impetus.Server.Observability;

/// <summary>Whether the process lives, whether a model can answer, and what this is.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health).WithMetadata(OpenToAll.Instance)
            .Describe("Says that the process lives. Needs no key.", () => HealthJson.Wire.HealthStatus);
        routes.MapGet("/ready", Ready).WithMetadata(OpenToAll.Instance)
            .Describe("200 when a model can answer, 503 before and while the server stops. Needs no key.", () => HealthJson.Wire.HealthStatus);
        routes.MapGet("/", About)
            .Describe("What this server is, and where to go from here.", () => HealthJson.Wire.ServerInfo);
    }

    private static Task Health(HttpContext context) => context.Response.WriteJsonAsync(new("ok"), HealthJson.Wire.HealthStatus);

    private static Task Ready(HttpContext context)
    {
        var (status, message) = State(context.RequestServices);
        context.Response.StatusCode = status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteJsonAsync(new(status, message), HealthJson.Wire.HealthStatus);
    }

    /// <summary>Whether a model can answer, in a word and, where none can, a sentence.</summary>
    public static (string Status, string? Message) State(IServiceProvider services)
    {
        if (services.GetRequiredService<ActiveRequests>().IsStopping)
            return ("stopping", "The server is shutting down.");
        var models = services.GetRequiredService<ModelHost>();
        return models.Models.Count > 0 ? ("ready", null)
            : models.HeldBack is { } crash ? ("failed", crash.Message)
            : models.Loaded.IsCompletedSuccessfully ? ("ready", "No model is in memory; the one that a request names is loaded.")
            : models.Loaded.Exception?.InnerException?.InnerException is ApiException { Code: "out_of_memory" } refusal ? ("failed", refusal.Message)
            : models.Loaded.IsCompleted ? ("failed", "No model could be loaded. GET /api/status says why.")
            : ("loading", "The model is being loaded.");
    }

    private static Task About(HttpContext context) => context.Response.WriteJsonAsync(
        new(
            "Impetus",
            ImpetusServer.Version,
            "/openapi.json",
            [.. context.RequestServices.GetRequiredService<ModelHost>().Models.Select(model => model.Id)]),
        HealthJson.Wire.ServerInfo);
}

/// <param name="Status"><c>ok</c>; or <c>ready</c>, <c>loading</c>, <c>failed</c>, <c>stopping</c>.</param>
/// <param name="Message">More about it.</param>
internal sealed record HealthStatus(
    string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <param name="Name">Of the server.</param>
/// <param name="Version">Of the server.</param>
/// <param name="OpenApi">Where the description of all routes is.</param>
/// <param name="Models">The ids of the models that can answer now.</param>
internal sealed record ServerInfo(
    string Name, string Version, [property: JsonPropertyName("openapi")] string OpenApi, IReadOnlyList<string> Models);

[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(ServerInfo))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    public static HealthJson Wire { get; } = new(WireFormat.Options());
}
