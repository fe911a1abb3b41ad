using Impetus.Engine.Tensors;

namespace Impetus.Engine.Scheduling;

/// <summary>A sequence's part of a step, as it was when the step was laid out.</summary>
/// <param name="Choice">The sequence.</param>
/// <param name="Count">How many of its tokens.</param>
/// <param name="IsLast">Whether nothing was pending behind them, so that a token is chosen.</param>
/// <param name="Memory">The cache that they went into.</param>
internal readonly record struct StepRow(Choice Choice, int Count, bool IsLast, SequenceMemory Memory)
{
    /// <summary>Whether somebody still waits for it: its request was neither ended nor sent back to the queue since.</summary>
    public bool Lives => !Choice.Job.Ended && !Choice.Finished && Choice.Memory == Memory;
}

/// <summary>
/// A step on its way through the model: laid out, then computed, then read. Its lists are used again from step to step. Made by
/// the <see cref="StepRunner"/>. Engine thread only.
/// </summary>
internal sealed class ModelStep
{
    private readonly List<int> _firstLogits = [];
    private int[] _chosen = [];
    private float[] _logits = [];
    private int _vocabulary;

    /// <summary>The sequences' parts.</summary>
    public List<StepRow> Rows { get; } = [];

    /// <summary>The same for the backend.</summary>
    public List<BatchRow> BatchRows { get; } = [];

    /// <summary>(T) ids, where the host knows them.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>How each row of logits becomes a token; of no use for rows that the host chooses from.</summary>
    public List<SampleRow> Samples { get; } = [];

    /// <summary>The tokens that the device chose, until they are read.</summary>
    public Tensor? Chosen { get; set; }

    /// <summary>The logits (W, V), where the host needs them, until they are read.</summary>
    public Tensor? Scores { get; set; }

    /// <summary>Whether somebody waits for any of its rows.</summary>
    public bool Lives => Rows.Any(row => row.Lives);

    /// <summary>The token that the device chose after a row.</summary>
    public int Token(int row) => _chosen[_firstLogits[row + 1] - 1];

    /// <summary>The logits (V) after a row, where the host needs them.</summary>
    public ReadOnlySpan<float> Logits(int row) => LogitsAt(_firstLogits[row + 1] - 1);

    /// <summary>The logits (V) after one token of a row that wants all.</summary>
    public ReadOnlySpan<float> Logits(int row, int token) => LogitsAt(_firstLogits[row] + token);

    /// <summary>Forgets everything, for another step.</summary>
    public void Clear()
    {
        Rows.Clear();
        BatchRows.Clear();
        Tokens.Clear();
        Samples.Clear();
        _firstLogits.Clear();
    }

    /// <summary>The rows of logits from here on belong to the next row.</summary>
    public void MarkLogits() => _firstLogits.Add(Samples.Count);

    /// <summary>Where the chosen tokens (W) go.</summary>
    public Span<int> ChosenBuffer()
    {
        if (_chosen.Length < Samples.Count)
            _chosen = new int[Samples.Count];
        return _chosen.AsSpan(0, Samples.Count);
    }

    /// <summary>Where the logits (W, V) go. A step without any lets go of the buffer, which can be large.</summary>
    /// <param name="vocabulary">V; 0 if the host needs none.</param>
    public Span<float> LogitsBuffer(int vocabulary)
    {
        _vocabulary = vocabulary;
        int needed = Samples.Count * vocabulary;
        if (needed == 0 || needed > _logits.Length)
            _logits = new float[needed];
        return _logits.AsSpan(0, needed);
    }

    private Span<float> LogitsAt(int index) => _logits.AsSpan(index * _vocabulary, _vocabulary);
}
