using System.Security.Cryptography;
using Impetus.Server.Http;
using Impetus.Server.Security;

namespace Impetus.Server.Observability;

/// <summary>Gives each request its id; when it is over, writes one line and counts it. Neither keys nor texts are ever in it.</summary>
internal static class RequestLog
{
    private const int MaxPath = 200;

    public static void UseRequestLog(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Impetus.Requests");
        // The listener must hear the first request.
        app.ApplicationServices.GetRequiredService<PrometheusText>();
        var metrics = app.ApplicationServices.GetRequiredService<ServerMetrics>();
        var feed = app.ApplicationServices.GetRequiredService<EventFeed>();
        app.Use(async (context, next) =>
        {
            string id = $"req_{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
            var record = new RequestRecord { Id = id, Arrival = time.GetTimestamp() };
            context.Features.Set(record);
            context.Response.Headers["x-request-id"] = id;
            try
            {
                await next(context);
            }
            finally
            {
                var elapsed = time.GetElapsedTime(record.Arrival);
                Write(log, context, record, elapsed);
                metrics.Count(record, RouteOf(context), context.Response.StatusCode, elapsed);
                RequestEvents.Finish(feed, context, record, elapsed);
            }
        });
    }

    /// <summary>Method and route. What others make up is <c>unknown</c>, and so becomes no label.</summary>
    public static string RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? $"{context.Request.Method} {pattern}" : "unknown";

    private static void Write(ILogger log, HttpContext context, RequestRecord record, TimeSpan elapsed)
    {
        // Probes come every few seconds.
        var level = context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null ? LogLevel.Information : LogLevel.Debug;
        string path = context.Request.Path.ToUriComponent();
        path = path.Length > MaxPath ? path[..MaxPath] : path;
        string outcome = record.ErrorCode ?? "ok";
        if (record.Model is null)
            log.Log(
                level,
                "{RequestId} {Method} {Path} {Status} {Outcome} {Milliseconds:0.0} ms",
                record.Id, context.Request.Method, path, context.Response.StatusCode, outcome, elapsed.TotalMilliseconds);
        else
            log.Log(
                level,
                "{RequestId} {Method} {Path} {Status} {Outcome} {Milliseconds:0.0} ms, {Model}, "
                    + "tokens {PromptTokens} ({CachedTokens} cached) + {CompletionTokens}, first after {FirstTokenMilliseconds:0.0} ms",
                record.Id, context.Request.Method, path, context.Response.StatusCode, outcome, elapsed.TotalMilliseconds,
                record.Model, record.PromptTokens, record.CachedTokens, record.CompletionTokens, record.FirstTokenMilliseconds);
    }
}
