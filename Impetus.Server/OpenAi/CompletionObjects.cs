using System.Text.Json.Serialization;

namespace Impetus.Server.OpenAi;

/// <summary>A continued text, whole or a part of it.</summary>
/// <param name="Id">The same in every part of an answer.</param>
/// <param name="Object">Always <c>text_completion</c>.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">The model that wrote.</param>
/// <param name="SystemFingerprint">The version of the server.</param>
/// <param name="Choices">The answers; in a stream one, or none in the event that tells the usage.</param>
/// <param name="Timings">Milliseconds; in a stream, in the last event.</param>
internal record TextChunk(
    string Id,
    string Object,
    long Created,
    string Model,
    string SystemFingerprint,
    IReadOnlyList<TextChoice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Timings? Timings);

/// <summary>A whole answer, or a part of one for a request that asked for the usage.</summary>
internal sealed record TextCompletion : TextChunk
{
    public TextCompletion(TextChunk chunk, Usage? usage) : base(chunk) => Usage = usage;

    /// <summary>Tokens; in a stream null in all events but the last.</summary>
    [JsonPropertyOrder(1)]
    public Usage? Usage { get; }
}

/// <param name="Text">The text, or more of it.</param>
/// <param name="Index">Which answer, from 0: those to the first prompt first.</param>
/// <param name="Logprobs">If they were asked for.</param>
/// <param name="FinishReason"><c>stop</c> or <c>length</c>; in a stream null until the answer's last part.</param>
internal sealed record TextChoice(string Text, int Index, TextLogprobs? Logprobs, string? FinishReason);

/// <param name="Tokens">Each token's text; bytes that are no whole characters are written as <c>bytes:\x</c> and two digits each.</param>
/// <param name="TokenLogprobs">Natural logarithm of each token's probability; null for the first token of an echoed prompt.</param>
/// <param name="TopLogprobs">The likeliest tokens there and the chosen one, by text.</param>
/// <param name="TextOffset">Where each token begins in the answer's text, in characters (code points).</param>
internal sealed record TextLogprobs(
    IReadOnlyList<string> Tokens,
    IReadOnlyList<double?> TokenLogprobs,
    IReadOnlyList<IReadOnlyDictionary<string, double>?> TopLogprobs,
    IReadOnlyList<int> TextOffset);
