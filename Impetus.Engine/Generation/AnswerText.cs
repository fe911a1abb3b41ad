using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Generation;

/// <summary>One answer from tokens to text, until a token, a stop text or the limit ends it. Engine thread only.</summary>
/// <param name="detokenizer">Its detokeniser; null for models without a tokenizer, whose answers are tokens alone.</param>
/// <param name="stops">The stop texts.</param>
/// <param name="ends">Tokens that end the answer and do not belong to it.</param>
/// <param name="limit">The most tokens.</param>
internal sealed class AnswerText(StreamingDetokenizer? detokenizer, IReadOnlyList<string> stops, IReadOnlySet<int> ends, int limit)
{
    private readonly StopMatcher _stops = new(stops);

    /// <summary>Tokens chosen so far, one that ended the answer included.</summary>
    public int Count { get; private set; }

    /// <summary>Why the answer ended; null while it goes on.</summary>
    public FinishReason? Finished { get; private set; } = limit > 0 ? null : FinishReason.Length;

    /// <summary>Whether the next token reaches the limit, whichever it is.</summary>
    public bool NextIsLast => Count + 1 >= limit;

    /// <summary>The stop text that ended the answer, if one did.</summary>
    public string? StopText => _stops.Found;

    /// <summary>Takes the next token of an answer that goes on.</summary>
    /// <param name="token">The token that was chosen.</param>
    /// <param name="text">What can be shown now; with the last token, all that is left.</param>
    /// <returns>Whether the token belongs to the answer: an end token does not.</returns>
    public bool Push(int token, out string text)
    {
        Count++;
        bool end = ends.Contains(token);
        text = end ? "" : _stops.Push(detokenizer?.Push(token) ?? "");
        if (end || StopText is not null)
            Finished = FinishReason.Stop;
        else if (Count >= limit)
            Finished = FinishReason.Length;
        if (Finished is not null && StopText is null)
            text += Rest();
        return !end;
    }

    private string Rest()
    {
        string rest = _stops.Push(detokenizer?.Flush() ?? "");
        if (StopText is null)
            return rest + _stops.Flush();
        Finished = FinishReason.Stop;
        return rest;
    }
}
