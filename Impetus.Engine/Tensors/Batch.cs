namespace Impetus.Engine.Tensors;

/// <summary>Which rows of a sequence's part of a step need logits.</summary>
public enum LogitsWanted
{
    /// <summary>None: a prefill chunk that is not the last.</summary>
    None,

    /// <summary>The last row: the next token is to be chosen.</summary>
    Last,

    /// <summary>Every row: perplexity, echo with logprobs.</summary>
    All,
}

/// <summary>One sequence's part of a step: <paramref name="Count"/> consecutive tokens.</summary>
/// <param name="Count">How many tokens, at least 1.</param>
/// <param name="Cache">What is remembered of the tokens before; null for sequences that are read whole, in one step.</param>
/// <param name="Logits">Which rows go on to the head.</param>
/// <param name="Bidirectional">Every token sees every other (encoders). Needs a null cache: such a sequence is never split.</param>
public readonly record struct BatchRow(
    int Count, SequenceCache? Cache = null, LogitsWanted Logits = LogitsWanted.Last, bool Bidirectional = false)
{
    /// <summary>The position of the first token.</summary>
    public int Start => Cache?.Length ?? 0;
}

/// <summary>
/// One step: the tokens of several sequences, concatenated without padding. Made once per step by <see cref="IBackend"/>,
/// which lays out masks and the split of work here. Engine thread only.
/// </summary>
public abstract class Batch(IReadOnlyList<BatchRow> rows) : IDisposable
{
    /// <summary>The sequences, in the order of their tokens. S of them.</summary>
    public IReadOnlyList<BatchRow> Rows { get; } = rows;

    /// <summary>T: all tokens of the step.</summary>
    public int TokenCount { get; } = rows.Sum(row => row.Count);

    /// <summary>W: how many rows of logits the step gives, in the order of the tokens.</summary>
    public int LogitCount { get; } = rows.Sum(row => row.Logits switch
    {
        LogitsWanted.All => row.Count,
        LogitsWanted.Last => 1,
        _ => 0,
    });

    /// <summary>
    /// The step was computed: every cache remembers its tokens from now on. A step that fails is disposed without this, and
    /// the caches are as they were.
    /// </summary>
    public abstract void Complete();

    /// <summary>Frees what was laid out for the step.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what was laid out for the step.</summary>
    protected abstract void Dispose(bool disposing);
}
