using Impetus.Server.Http;

namespace Impetus.Server.Security;

/// <summary>
/// Refuses requests that a browser sends on behalf of another site. Our own pages come from this server; programs send no Origin.
/// No CORS headers are ever sent.
/// </summary>
internal static class OriginCheck
{
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        foreach (string? origin in request.Headers.Origin)
        {
            // Behind a proxy that speaks TLS, our own pages are https.
            if (!Is(origin, $"http://{request.Host.Value}") && !Is(origin, $"https://{request.Host.Value}"))
                throw new ApiException(
                    StatusCodes.Status403Forbidden,
                    $"Web pages from '{origin}' may not use this server. Call it from a program, or from its own pages.",
                    "origin_not_allowed");
        }

        return next(context);
    });

    private static bool Is(string? origin, string ours) => string.Equals(origin, ours, StringComparison.OrdinalIgnoreCase);
}
