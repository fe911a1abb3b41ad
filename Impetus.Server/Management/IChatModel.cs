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

    /// <summary>The prompt of a conversation, by the model's own template, up to where the answer begins.</summary>
    /// <exception cref="PromptException">The template refuses the messages.</exception>
    string Render(IReadOnlyList<ChatMessage> messages);

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">Whether the tokens are added that the model expects around a plain text.</param>
    IReadOnlyList<int> Encode(string text, bool addSpecialTokens);

    /// <summary>The text of token ids, special ones included.</summary>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>The bytes that a token stands for, which need not be whole characters.</summary>
    ReadOnlyMemory<byte> TokenBytes(int id);
}

/// <summary>A turn of a conversation.</summary>
/// <param name="Role">Such as <c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatMessage(string Role, string Content);

/// <summary>What is known about a model.</summary>
public sealed record ModelDescription
{
    /// <summary>When its files were published or installed.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The <c>model_type</c> of its configuration, such as <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>How its weights are stored, such as <c>4-bit affine, groups of 32</c> or <c>bf16</c>.</summary>
    public required string Quantization { get; init; }

    /// <summary>Bytes of its weight files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>What it can be used for, such as <c>chat</c> and <c>completion</c>.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }
}

/// <summary>A conversation that a model's template refuses; the message is the template's.</summary>
public sealed class PromptException(string message, Exception? inner = null) : Exception(message, inner);
