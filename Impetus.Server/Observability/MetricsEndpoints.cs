using System.Text;
using Impetus.Server.Http;

namespace Impetus.Server.Observability;

/// <summary>Counters and times, for Prometheus.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", WriteAsync)
            .Describe("Counters and times in Prometheus' text format. Needs a key, like all that tells of use.");

    private static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(context.RequestServices.GetRequiredService<PrometheusText>().Write(), Encoding.UTF8);
    }
}
