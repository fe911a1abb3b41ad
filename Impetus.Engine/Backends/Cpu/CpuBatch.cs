using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>A step: ids, types and positions of all tokens, and room in the caches for them.</summary>
internal sealed class CpuBatch : Batch
{
    public CpuBatch(IReadOnlyList<BatchRow> rows, int[] tokens, int[] types)
        : base(rows)
    {
        Validate(rows, tokens.Length, types.Length);
        (Tokens, Types) = (tokens, types.Length == 0 ? new int[tokens.Length] : types);
        Positions = new int[TokenCount];
        Firsts = new int[rows.Count];
        var next = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            Firsts[row] = next;
            (rows[row].Cache as CpuCache)?.Reserve(rows[row].Count);
            for (var i = 0; i < rows[row].Count; i++)
                Positions[next++] = rows[row].Start + i;
        }
    }

    /// <summary>(T).</summary>
    public int[] Tokens { get; }

    /// <summary>(T), or empty: all 0.</summary>
    public int[] Types { get; }

    /// <summary>(T).</summary>
    public int[] Positions { get; }

    /// <summary>(S): the index of each sequence's first token in the step.</summary>
    public int[] Firsts { get; }

    public override void Complete()
    {
        foreach (var row in Rows)
            (row.Cache as CpuCache)?.Advance(row.Count);
    }

    protected override void Dispose(bool disposing)
    {
    }

    private void Validate(IReadOnlyList<BatchRow> rows, int tokens, int types)
    {
        if (rows.Count == 0)
            throw new ArgumentException("A step needs at least one sequence.", nameof(rows));
        if (tokens != TokenCount || (types != 0 && types != TokenCount))
            throw new ArgumentException($"The sequences have {TokenCount} tokens; {tokens} ids and {types} types were given.", nameof(tokens));
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Count < 1)
                throw new ArgumentException($"Sequence {i} of the step has {row.Count} tokens; at least one was expected.", nameof(rows));
            if (row is { Bidirectional: true, Cache: not null })
                throw new ArgumentException($"Sequence {i} of the step is bidirectional, so it is read whole and has no cache.", nameof(rows));
            if (row.Cache is not (null or CpuCache))
                throw new ArgumentException($"The cache of sequence {i} belongs to another backend.", nameof(rows));
            for (var other = 0; row.Cache is not null && other < i; other++)
            {
                if (ReferenceEquals(rows[other].Cache, row.Cache))
                    throw new ArgumentException($"Sequences {other} and {i} of the step share a cache.", nameof(rows));
            }
        }
    }
}
