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
            if (!string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
                throw new ApiException(
                    StatusCodes.Status403Forbidden,
                    $"Web pages from '{origin}' may not use this server. Call it from a program, or from its own pages.",
                    "origin_not_allowed");
        }

        return next(context);
    });
}
