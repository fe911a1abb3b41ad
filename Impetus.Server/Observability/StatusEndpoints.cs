using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Observability;

/// <summary>How the server is just now, in figures: what a menu, a page or a person asks first.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes) => routes.MapGet("/api/status", StatusAsync).Describe(
        "Tells how the server is: memory by owner, queue, tokens a second, uptime, and the models in memory.", () => StatusJson.Wire.ServerStatus);

    private static Task StatusAsync(HttpContext context) =>
        context.Response.WriteJsonAsync(Read(context.RequestServices), StatusJson.Wire.ServerStatus);

    /// <summary>How the server is just now. Waits for nothing.</summary>
    public static ServerStatus Read(IServiceProvider services)
    {
        var host = services.GetRequiredService<ModelHost>();
        var counters = host.Models.Where(model => model.Counters is not null).ToDictionary(model => model.Id, model => model.Counters!, StringComparer.Ordinal);
        ModelStatus[] models = [.. host.Resident.Select(model => ModelStatus.Of(model, counters.GetValueOrDefault(model.Id)))];
        var (state, message) = HealthEndpoints.State(services);
        return new(
            state,
            message,
            ImpetusServer.Version,
            Math.Round(services.GetRequiredService<ServerMetrics>().Uptime.TotalSeconds, 1),
            Memory(services, models),
            new(services.GetRequiredService<ActiveRequests>().Count, models.Sum(model => model.Running), models.Sum(model => model.Waiting)),
            new(Sum(models, model => model.PrefillTokensPerSecond), Sum(models, model => model.DecodeTokensPerSecond)),
            models,
            HeldModel.All(host, services.GetRequiredService<CrashMarkers>(), services.GetRequiredService<ServerSettings>().Model));
    }

    private static MemoryStatus Memory(IServiceProvider services, ModelStatus[] models)
    {
        var budget = services.GetRequiredService<MemoryBudget>();
        long engine = services.GetRequiredService<EngineHost>().Started?.Backend.Memory.ActiveBytes ?? 0;
        long used = budget.UsedBytes;
        long weights = models.Sum(model => model.MemoryBytes), prefixes = models.Sum(model => model.PrefixCacheBytes);
        return new(
            budget.LimitBytes,
            budget.LimitedBy,
            used,
            budget.FreeBytes,
            services.GetRequiredService<IMemoryPressure>().Level.ToString().ToLowerInvariant(),
            weights,
            prefixes,
            Math.Max(0, engine - weights - prefixes),
            Math.Max(0, used - Math.Max(engine, weights + prefixes)));
    }

    private static double Sum(ModelStatus[] models, Func<ModelStatus, double> rate) => Math.Round(models.Sum(rate), 1);
}
