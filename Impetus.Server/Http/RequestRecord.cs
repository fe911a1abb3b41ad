using Microsoft.AspNetCore.Http.Features;

namespace Impetus.Server.Http;

/// <summary>What becomes known of a request while it is served: the source of its log line and of the counters.</summary>
internal sealed class RequestRecord
{
    /// <summary>Sent back as <c>x-request-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When the request arrived, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public required long Arrival { get; init; }

    /// <summary>The model that answered.</summary>
    public string? Model { get; set; }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; set; }

    /// <summary>Of these, found in the prefix cache.</summary>
    public int CachedTokens { get; set; }

    /// <summary>Tokens written.</summary>
    public int CompletionTokens { get; set; }

    /// <summary>From arrival to the first token, in milliseconds.</summary>
    public double? FirstTokenMilliseconds { get; set; }

    /// <summary>The error's code, if it ended with one. Known here because a stream's status was sent long before.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>Whether those who follow the events were told that it started, and so must be told that it is over.</summary>
    public bool Announced { get; set; }

    /// <summary>The record of a request that came through the pipeline.</summary>
    public static RequestRecord Of(HttpContext context) => context.Features.GetRequiredFeature<RequestRecord>();
}
