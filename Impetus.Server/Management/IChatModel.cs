using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Server.Management;

/// <summary>A loaded chat model: text in, tokens out, and what is known about it. Thread safe. Disposing it unloads it.</summary>
public interface IChatModel : IAsyncDisposable
{
    /// <summary>Such as <c>HuggingFaceTB/SmolLM2-135M-Instruct</c>.</summary>
    string Id { get; }

    /// <summary>What the model is.</summary>
    ModelDescription Description { get; }

    /// <summary>Answers requests.</summary>
    IGenerator Generator { get; }

    /// <summary>What the model's makers recommend (<c>generation_config.json</c>), where a request says nothing.</summary>
    SamplingOptions DefaultSampling { get; }

    /// <summary>What its scheduler has done and holds, if it has one.</summary>
    SchedulerCounters? Counters { get; }

    /// <summary>Frees what is kept for prompts that begin alike, for times when memory is short.</summary>
    Task TrimPrefixesAsync();

    /// <summary>The prompt of a conversation, by the model's own template, up to where the answer begins.</summary>
    /// <exception cref="PromptException">The template refuses the messages.</exception>
    string Render(IReadOnlyList<ChatMessage> messages);

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">Whether the tokens are added that the model expects around a plain text.</param>
    IReadOnlyList<int> Encode(string text, bool addSpecialTokens);

    /// <summary>The text, changed by characters that are not seen where a part of it would steer the model: its added tokens, its template's marks.</summary>
    string AsText(string text);

    /// <summary>The text of token ids, special ones included.</summary>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>The bytes that a token stands for, which need not be whole characters.</summary>
    ReadOnlyMemory<byte> TokenBytes(int id);
}

/// <summary>A turn of a conversation.</summary>
/// <param name="Role">Such as <c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatMessage(string Role, string Content);

/// <summary>A conversation that a model's template refuses; the message is the template's.</summary>
public sealed class PromptException(string message, Exception? inner = null) : Exception(message, inner);
