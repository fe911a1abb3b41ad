namespace Impetus.Server.Http;

/// <summary>
/// Routes of Impetus 1 that have another address now (they answer, and a <c>Link</c> header tells it), or nothing left to do (410, which
/// says what to use). Their table is in <c>docs/migrating-from-v1.md</c>, against which a test holds this one.
/// </summary>
internal static class FormerRoutes
{
    private static readonly Dictionary<string, string> Moved = new(StringComparer.Ordinal)
    {
        ["/api/models/list"] = "/api/models",
        ["/api/health"] = "/health",
        ["/api/health/live"] = "/health",
        ["/api/health/ready"] = "/ready",
        ["/api/health/status"] = "/api/status",
        ["/api/metrics"] = "/metrics",
        ["/api/metrics/json"] = "/api/status",
    };

    private static readonly (string Prefix, string Instead)[] Gone =
    [
        ("/api/models/warmup", "A model is warm when POST /api/models/load answers."),
        ("/api/models/benchmark", "Speed is measured by the command: impetus bench."),
        ("/api/models/benchmarks", "Speed is measured by the command: impetus bench."),
        ("/api/models/download", "Put the files on this disk with another program; then the command impetus models add FOLDER makes them known."),
        ("/api/models/downloads", "GET /api/models lists what is on this disk."),
        ("/api/models/discover", "GET /api/models tells which models are on this disk, and whether each fits in memory."),
        ("/api/models/recommended", "GET /api/models tells which models are on this disk, and whether each fits in memory."),
        ("/api/models/mmap", "Weights are always read through a mapping; there is nothing to choose."),
        ("/api/models/cache", "GET /api/status tells what cached prompts take; --cache-size bounds it."),
        ("/api/models/optimize", "It never did anything."),
        ("/api/documents/ingest", "Documents are added with POST /v1/documents."),
        ("/api/documents/search", "Documents are searched with POST /v1/search."),
        ("/api/documents/collections", "Collections are at /v1/collections."),
        ("/api/hardware", "GET /api/status tells of memory and speed, and the command impetus doctor of the machine."),
        ("/socket.io", "Events come from GET /api/events, and over a WebSocket from /ws."),
    ];

    /// <summary>Leads old addresses to new ones. Not by a redirect: many clients leave the key behind when they follow one. Before routing.</summary>
    public static void UseMoved(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsGet(context.Request.Method) && Moved.TryGetValue(context.Request.Path.Value ?? "", out string? now))
        {
            context.Request.Path = now;
            context.Response.Headers.Link = $"<{now}>; rel=\"successor-version\"";
        }

        return next(context);
    });

    /// <summary>Says what to use instead. Behind all checks.</summary>
    public static void UseGone(IApplicationBuilder app) => app.Use((context, next) =>
    {
        foreach (var (prefix, instead) in Gone)
        {
            if (context.Request.Path.StartsWithSegments(prefix))
                throw new ApiException(StatusCodes.Status410Gone, $"{context.Request.Path} was a route of Impetus 1. {instead}", "gone");
        }

        return next(context);
    });
}
