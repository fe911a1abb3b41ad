using System.Text.Json.Serialization;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Brings models into memory and out of it, by name.</summary>
internal static class ResidencyEndpoints
{
    private const int UsualDrainSeconds = 30;

    private static readonly Field<string> Model = Fields.Text("model", "The id of an installed model.", 512, required: true);

    private static readonly Field<string> FormerModel = Fields.Text("model_id", "What Impetus 1 calls model. Send one of them.", 512);

    private static readonly Field<KeepAlive?> KeepAlive = Management.KeepAlive.Field(
        "keep_alive", "How long the model stays after its last request, from now on and in later runs: seconds, or a duration such as \"5m\"; a negative one is for ever.");

    private static readonly Field<bool?> Pinned = Fields.Flag("pinned", "Whether it stays until it is unloaded by name, in later runs too.");

    private static readonly Field<int?> DrainSeconds = Fields.Integer(
        "drain_seconds", 0, 600, "How long running requests may go on before they end with an error. Absent: 30.");

    private static readonly Contract Load = new("LoadModelRequest", [Model, FormerModel, KeepAlive, Pinned]);

    private static readonly Contract Unload = new("UnloadModelRequest", [Model, FormerModel, DrainSeconds]);

    private static readonly Contract Switch = new("SwitchModelRequest", [Model, FormerModel, DrainSeconds]);

    public static void MapResidency(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/models/load", LoadAsync)
            .Describe("Loads a model, and answers when it can be used. A client that leaves cancels a load that nobody else waits for.", () => ResidencyJson.Wire.LoadedObject, Load);
        routes.MapPost("/api/models/unload", UnloadAsync)
            .Describe("Unloads a model, or cancels its loading, and says how its requests ended.", () => ResidencyJson.Wire.UnloadedObject, Unload);
        routes.MapPost("/api/models/switch", SwitchAsync)
            .Describe("Puts a chat model in the place of those in memory, and says how their requests ended.", () => ResidencyJson.Wire.SwitchedObject, Switch);
    }

    private static ModelHost Host(HttpContext context) => context.RequestServices.GetRequiredService<ModelHost>();

    private static async Task LoadAsync(HttpContext context)
    {
        var (id, keepAlive, pinned) = await RequestBody.ReadAsync(context, body =>
        {
            var fields = Load.Read(body);
            return (Id(fields), fields.Get(KeepAlive), fields.Get(Pinned));
        });
        var resident = await Host(context).LoadAsync(id, keepAlive, pinned, context.RequestAborted);
        context.RequestServices.GetRequiredService<ModelDefaults>().Set(id, keepAlive, pinned);
        await context.Response.WriteJsonAsync(LoadedObject.Of(resident), ResidencyJson.Wire.LoadedObject);
    }

    private static async Task UnloadAsync(HttpContext context)
    {
        var (id, drain) = await ReadAsync(context, Unload);
        var unloaded = await Host(context).UnloadAsync(id, drain);
        await context.Response.WriteJsonAsync(UnloadedObject.Of(unloaded), ResidencyJson.Wire.UnloadedObject);
    }

    private static async Task SwitchAsync(HttpContext context)
    {
        var (id, drain) = await ReadAsync(context, Switch);
        var unloaded = await Host(context).SwitchAsync(id, drain, context.RequestAborted);
        await context.Response.WriteJsonAsync(new(id, [.. unloaded.Select(UnloadedObject.Of)]), ResidencyJson.Wire.SwitchedObject);
    }

    private static string Id(FieldReader fields)
    {
        string? former = fields.Get(FormerModel);
        if (former is not null && fields.Get(Model) is { } model && model != former)
            throw ApiException.Invalid("model_id", $"model_id is {former}, but model is {model}. Send one of them.");
        return former ?? fields.Require(Model);
    }

    private static Task<(string Id, TimeSpan Drain)> ReadAsync(HttpContext context, Contract contract) => RequestBody.ReadAsync(context, body =>
    {
        var fields = contract.Read(body);
        return (Id(fields), TimeSpan.FromSeconds(fields.Get(DrainSeconds) ?? UsualDrainSeconds));
    });
}

/// <param name="Model">Its id.</param>
/// <param name="Kind"><c>chat</c>, <c>embedding</c> or <c>reranking</c>.</param>
/// <param name="State"><c>ready</c>; or <c>unloading</c>, if somebody unloads it just now.</param>
/// <param name="Resident">More about it.</param>
internal sealed record LoadedObject(string Model, string Kind, string State, CatalogResidence Resident)
{
    public static LoadedObject Of(ResidentModel model) =>
        new(model.Id, WireFormat.Name(model.Kind), WireFormat.Name(model.State), CatalogResidence.Of(model));
}

/// <param name="Model">Its id.</param>
/// <param name="Ended">How its requests ended: <c>idle</c>, <c>drained</c> or <c>cancelled</c>; or <c>not_loaded</c>.</param>
/// <param name="CancelledRequests">How many ended with an error.</param>
internal sealed record UnloadedObject(string Model, string Ended, int CancelledRequests)
{
    public static UnloadedObject Of(Unloading unloading) => new(unloading.Model, WireFormat.Name(unloading.End), unloading.Cancelled);
}

/// <param name="Model">The model that answers now.</param>
/// <param name="Unloaded">Those that made way.</param>
internal sealed record SwitchedObject(string Model, IReadOnlyList<UnloadedObject> Unloaded);

[JsonSerializable(typeof(LoadedObject))]
[JsonSerializable(typeof(UnloadedObject))]
[JsonSerializable(typeof(SwitchedObject))]
internal sealed partial class ResidencyJson : JsonSerializerContext
{
    public static ResidencyJson Wire { get; } = new(WireFormat.Options());
}
