using Impetus.Engine.Embedding;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>What the engine has to say against texts, in OpenAI's shape.</summary>
internal static class EmbeddingErrors
{
    /// <summary>Runs the engine, and translates what it throws.</summary>
    /// <param name="field">The request's field that the texts came in.</param>
    /// <param name="isSingle">Whether the field holds one text and no list.</param>
    /// <param name="run">The call.</param>
    /// <exception cref="ApiException">The engine refused or failed.</exception>
    public static async Task<T> TranslateAsync<T>(string field, bool isSingle, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (EmbeddingException fault)
        {
            throw Describe(fault, fault.Index is { } index && !isSingle ? $"{field}[{index}]" : field);
        }
    }

    /// <summary>The error that stands for a fault of the engine with the text in the field <paramref name="param"/>.</summary>
    public static ApiException Describe(EmbeddingException fault, string? param) => fault.Fault switch
    {
        EmbeddingFault.InputTooLong => ApiException.Invalid(
            param, $"{fault.Message} Send less, or \"truncate\": true to have it cut.", "context_length_exceeded"),
        EmbeddingFault.InputEmpty => ApiException.Invalid(param, fault.Message, "empty_input"),
        EmbeddingFault.InputUnreadable or EmbeddingFault.UnknownToken => ApiException.Invalid(param, fault.Message),
        EmbeddingFault.UnsupportedDimensions => ApiException.Invalid("dimensions", fault.Message),
        EmbeddingFault.QueueFull => ApiException.Unavailable(fault.Message, "queue_full", retryAfterSeconds: 5),
        EmbeddingFault.ShuttingDown => ApiException.Unavailable(fault.Message, "shutting_down", retryAfterSeconds: 5),
        _ => new ApiException(StatusCodes.Status500InternalServerError, fault.Message, "engine_fault"),
    };
}
