using System.Text.Json.Serialization;
using Impetus.Server.Documents;

namespace Impetus.Server.OpenAi;

/// <summary>A whole answer.</summary>
/// <param name="Id">Of this answer.</param>
/// <param name="Object">Always <c>chat.completion</c>.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="SystemFingerprint">The version of the server.</param>
/// <param name="Choices">The answers.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Timings">Milliseconds.</param>
/// <param name="Retrieval">What it was made from, if documents were asked for.</param>
/// <param name="Citations">Where its sentences come from, if documents were asked for.</param>
/// <param name="RemovedNumbers">Numbers of evidence that does not exist, which were taken out of it.</param>
internal sealed record ChatCompletion(
    string Id,
    string Object,
    long Created,
    string Model,
    string SystemFingerprint,
    IReadOnlyList<ChatChoice> Choices,
    Usage Usage,
    Timings Timings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RetrievalObject? Retrieval,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CitationObject>? Citations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? RemovedNumbers);

/// <param name="Index">Which answer, from 0.</param>
/// <param name="Message">What was said.</param>
/// <param name="Logprobs">If they were asked for.</param>
/// <param name="FinishReason"><c>stop</c> or <c>length</c>.</param>
internal sealed record ChatChoice(int Index, AnswerMessage Message, ChatLogprobs? Logprobs, string FinishReason);

/// <param name="Role">Always <c>assistant</c>.</param>
/// <param name="Content">The text.</param>
/// <param name="Refusal">Always null.</param>
internal sealed record AnswerMessage(string Role, string Content, string? Refusal = null);

/// <summary>A part of an answer.</summary>
/// <param name="Id">The same in every part of an answer.</param>
/// <param name="Object">Always <c>chat.completion.chunk</c>.</param>
/// <param name="Created">Seconds since 1970, the same in every part.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="SystemFingerprint">The version of the server.</param>
/// <param name="Choices">One, or none in the event that tells the usage.</param>
/// <param name="Timings">Milliseconds, in the last event.</param>
internal record ChatChunk(
    string Id,
    string Object,
    long Created,
    string Model,
    string SystemFingerprint,
    IReadOnlyList<ChunkChoice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Timings? Timings)
{
    /// <summary>What the answer is made from, before its first token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetrievalObject? Retrieval { get; init; }

    /// <summary>Where its sentences come from, in its last event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CitationObject>? Citations { get; init; }

    /// <summary>Numbers of evidence that does not exist, which were taken out of it, in its last event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? RemovedNumbers { get; init; }
}

/// <summary>A part of an answer to a request that asked for the usage.</summary>
internal sealed record ChatChunkWithUsage : ChatChunk
{
    public ChatChunkWithUsage(ChatChunk chunk, Usage? usage) : base(chunk) => Usage = usage;

    /// <summary>Tokens; null in all events but the last.</summary>
    [JsonPropertyOrder(1)]
    public Usage? Usage { get; }
}

/// <param name="Index">Which answer, from 0.</param>
/// <param name="Delta">What is new.</param>
/// <param name="Logprobs">Of the new tokens, if they were asked for.</param>
/// <param name="FinishReason"><c>stop</c> or <c>length</c> in the answer's last part, else null.</param>
internal sealed record ChunkChoice(int Index, ChatDelta Delta, ChatLogprobs? Logprobs, string? FinishReason);

/// <param name="Role"><c>assistant</c>, in the first part.</param>
/// <param name="Content">More text.</param>
internal sealed record ChatDelta(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content);

/// <param name="Content">One for each token.</param>
/// <param name="Refusal">Always null.</param>
internal sealed record ChatLogprobs(IReadOnlyList<ChatTokenLogprob> Content, string? Refusal = null);

/// <param name="Token">The token's text; bytes that are no whole characters are written as \x and two digits.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
/// <param name="Bytes">The token's bytes.</param>
/// <param name="TopLogprobs">The likeliest tokens there.</param>
internal sealed record ChatTokenLogprob(string Token, double Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<ChatTopLogprob> TopLogprobs);

/// <param name="Token">The token's text.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
/// <param name="Bytes">The token's bytes.</param>
internal sealed record ChatTopLogprob(string Token, double Logprob, IReadOnlyList<int> Bytes);
