using Impetus.Server.Http;

namespace Impetus.Server.Security;

/// <summary>Every route needs a key, unknown ones too, but those that are marked with <see cref="OpenToAll"/>.</summary>
internal static class KeyCheck
{
    private const string Bearer = "Bearer ";

    public static void Use(IApplicationBuilder app, ApiKeys keys) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null)
            return next(context);
        if (Presented(context.Request) is { } key && keys.Accept(key))
            return next(context);
        bool missing = Presented(context.Request) is null;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new ApiException(
            StatusCodes.Status401Unauthorized,
            (missing ? "No API key was sent. " : "The API key is not valid. ")
                + "Send 'Authorization: Bearer KEY'; the first key is in the file state/api-key of the data directory.",
            "invalid_api_key");
    });

    /// <summary>The key of a request: OpenAI's header, or Anthropic's.</summary>
    private static string? Presented(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true)
            return authorization[Bearer.Length..].Trim();
        return request.Headers["x-api-key"] is [{ Length: > 0 } key] ? key : null;
    }
}

/// <summary>Marks an endpoint that needs no key.</summary>
internal sealed class OpenToAll
{
    public static OpenToAll Instance { get; } = new();
}
