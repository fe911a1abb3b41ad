using Impetus.Server.Http;

namespace Impetus.Server.Security;

/// <summary>Every route needs a key, unknown ones too, but those that are marked with <see cref="OpenToAll"/>.</summary>
internal static class KeyCheck
{
    /// <summary>What a WebSocket's client calls the protocol; with this, a dot and the key for another one it signs in.</summary>
    public const string SocketProtocol = "impetus";

    private const string Bearer = "Bearer ";

    public static void Use(IApplicationBuilder app, ApiKeys keys) => app.Use((context, next) =>
    {
        var marks = context.GetEndpoint()?.Metadata;
        if (marks?.GetMetadata<OpenToAll>() is not null)
            return next(context);
        string? key = Presented(context.Request);
        return (key is null ? KeyKind.None : keys.Recognize(key)) switch
        {
            KeyKind.None => throw Unauthorized(context, key is null ? "No API key was sent." : "The API key is not valid."),
            KeyKind.Named when marks?.GetMetadata<OwnerOnly>() is not null => throw new ApiException(
                StatusCodes.Status403Forbidden,
                "Keys are managed with the first key alone, which is in the file state/api-key.",
                "owner_only"),
            _ => next(context),
        };
    });

    private static ApiException Unauthorized(HttpContext context, string fault)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return new(
            StatusCodes.Status401Unauthorized,
            $"{fault} Send 'Authorization: Bearer KEY'; the first key is in the file state/api-key of the data directory.",
            "invalid_api_key");
    }

    /// <summary>The key of a request: OpenAI's header, or Anthropic's; or among a WebSocket's protocols, since a browser lets pages set nothing else.</summary>
    private static string? Presented(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true)
            return authorization[Bearer.Length..].Trim();
        if (request.Headers["x-api-key"] is [{ Length: > 0 } key])
            return key;
        return request.HttpContext.WebSockets.WebSocketRequestedProtocols
            .FirstOrDefault(protocol => protocol.StartsWith(SocketProtocol + '.', StringComparison.Ordinal))?[(SocketProtocol.Length + 1)..];
    }
}

/// <summary>Marks an endpoint that needs no key.</summary>
internal sealed class OpenToAll
{
    public static OpenToAll Instance { get; } = new();
}

/// <summary>Marks an endpoint that named keys do not open.</summary>
internal sealed class OwnerOnly
{
    public static OwnerOnly Instance { get; } = new();
}
