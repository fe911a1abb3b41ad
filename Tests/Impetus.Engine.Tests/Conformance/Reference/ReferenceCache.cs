using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>One list of keys and one of values per layer, an entry for each position, whatever windows say. Forks copy the lists.</summary>
internal sealed class ReferenceCache(IReadOnlyList<LayerState> layers) : SequenceCache
{
    private readonly (List<float[]> Keys, List<float[]> Values)[] _layers =
        [.. layers.Select(_ => (new List<float[]>(), new List<float[]>()))];

    public override double ProportionalBytes => (double)Length * sizeof(float) * layers.Sum(layer => layer.Width);

    public (List<float[]> Keys, List<float[]> Values) Layer(int layer) => _layers[layer];

    public LayerState State(int layer) => layers[layer];

    /// <summary>Replaces what was written from <paramref name="position"/> on: a step that failed may have left something.</summary>
    public void Write(int layer, int position, float[] key, float[] value)
    {
        var (keys, values) = _layers[layer];
        keys.RemoveRange(position, keys.Count - position);
        values.RemoveRange(position, values.Count - position);
        keys.Add(key);
        values.Add(value);
    }

    public override int LongestFork(int length) => Math.Min(length, Length);

    public override SequenceCache Fork(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        var fork = new ReferenceCache(layers) { Length = length };
        for (var i = 0; i < _layers.Length; i++)
        {
            fork._layers[i].Keys.AddRange(_layers[i].Keys.Take(length));
            fork._layers[i].Values.AddRange(_layers[i].Values.Take(length));
        }

        return fork;
    }

    public override bool Truncate(int length)
    {
        if (length < 0 || length > Length)
            return false;
        Length = length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>The ids, positions and owners of a step's tokens, spelled out.</summary>
internal sealed class ReferenceBatch : Batch
{
    public ReferenceBatch(IReadOnlyList<BatchRow> rows, int[] tokens, int[] types)
        : base(rows)
    {
        if (rows.Count == 0 || rows.Any(row => row.Count < 1))
            throw new ArgumentException("A step needs sequences with at least one token each.", nameof(rows));
        if (tokens.Length != TokenCount)
            throw new ArgumentException($"The sequences have {TokenCount} tokens, {tokens.Length} were given.", nameof(tokens));
        if (types.Length != 0 && types.Length != TokenCount)
            throw new ArgumentException($"The sequences have {TokenCount} tokens, {types.Length} types were given.", nameof(types));
        if (rows.Any(row => row.Bidirectional && row.Cache is not null))
            throw new ArgumentException("A bidirectional sequence is read whole and has no cache.", nameof(rows));

        Tokens = tokens;
        Types = types.Length == 0 ? new int[TokenCount] : types;
        Positions = [.. rows.SelectMany(row => Enumerable.Range(row.Start, row.Count))];
        Firsts = new int[rows.Count];
        for (var i = 1; i < rows.Count; i++)
            Firsts[i] = Firsts[i - 1] + rows[i - 1].Count;
    }

    public int[] Tokens { get; }

    public int[] Types { get; }

    public int[] Positions { get; }

    /// <summary>The index of each sequence's first token within the step.</summary>
    public int[] Firsts { get; }

    public override void Complete()
    {
        foreach (var row in Rows)
        {
            if (row.Cache is { } cache)
                cache.Length += row.Count;
        }
    }

    protected override void Dispose(bool disposing)
    {
    }
}
