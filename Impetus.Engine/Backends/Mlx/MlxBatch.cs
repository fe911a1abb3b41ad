using Impetus.Engine.Tensors;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>A step on MLX: the ids on the device, and where each sequence's rows begin.</summary>
internal sealed unsafe class MlxBatch : Batch
{
    private readonly MlxBackend _backend;
    private readonly int[] _types;
    private readonly int[]? _hostTokens;

    /// <summary>A step on ids that the host knows.</summary>
    public MlxBatch(MlxBackend backend, IReadOnlyList<BatchRow> rows, ReadOnlySpan<int> tokens, ReadOnlySpan<int> types)
        : base(rows)
    {
        (_backend, _hostTokens, _types) = (backend, tokens.ToArray(), types.ToArray());
        Tokens = From(_hostTokens);
        Firsts = FirstRows(rows);
    }

    /// <summary>A step on ids that only the device knows; they stay their owner's.</summary>
    public MlxBatch(MlxBackend backend, IReadOnlyList<BatchRow> rows, MlxArray tokens)
        : base(rows)
    {
        (_backend, _types, Tokens) = (backend, [], tokens);
        Firsts = FirstRows(rows);
    }

    /// <summary>(T) ids.</summary>
    public MlxArray Tokens { get; }

    /// <summary>(S): the row of each sequence's first token.</summary>
    public int[] Firsts { get; }

    /// <summary>Whether every sequence has one token and a cache: a decode step.</summary>
    public bool IsDecode => Rows.Count > 1 && Rows.All(row => row.Count == 1);

    /// <summary>Whether the host knows the tokens.</summary>
    public bool KnowsTokens => _hostTokens is not null;

    /// <summary>(T) ids of a kind, plus an offset; the caller frees them.</summary>
    /// <param name="by">Which ids.</param>
    /// <param name="offset">Added to each.</param>
    /// <param name="count">How many rows the table has.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the table, where MLX would read whatever lies there.</exception>
    public MlxArray Ids(Lookup by, int offset, int count)
    {
        var ids = new int[TokenCount];
        for (int s = 0; s < Rows.Count; s++)
        {
            for (int i = 0, token = Firsts[s]; i < Rows[s].Count; i++, token++)
            {
                ids[token] = offset + by switch
                {
                    Lookup.Position => Rows[s].Start + i,
                    Lookup.TokenType => _types.Length == 0 ? 0 : _types[token],
                    _ => _hostTokens![token],
                };
            }
        }

        if (ids.Any(id => id < 0 || id >= count))
            throw new ArgumentOutOfRangeException(nameof(by), by, $"An id is not in the table of {count} rows.");
        return From(ids);
    }

    /// <summary>(S): the position of each sequence's first token; the caller frees it.</summary>
    public MlxArray Starts() => From([.. Rows.Select(row => row.Start)]);

    /// <summary>The rows whose logits are wanted; the caller frees it.</summary>
    public MlxArray WantedRows()
    {
        var wanted = new List<int>(LogitCount);
        for (int s = 0; s < Rows.Count; s++)
        {
            int count = Rows[s].Count, from = Rows[s].Logits switch
            {
                LogitsWanted.All => 0,
                LogitsWanted.Last => count - 1,
                _ => count,
            };
            wanted.AddRange(Enumerable.Range(Firsts[s] + from, count - from));
        }

        return From([.. wanted]);
    }

    public override void Complete()
    {
        // Where nobody reads logits, nothing would be computed, and the graph would grow from chunk to chunk. One chunk at a time:
        // a client that leaves shall not leave a queue of them behind.
        if (LogitCount == 0)
        {
            _backend.Wait();
            _backend.EvaluateAhead([.. Rows.Select(row => row.Cache).OfType<MlxCache>().SelectMany(cache => cache.Buffers)]);
        }

        foreach (var row in Rows)
        {
            if (row.Cache is not null)
                row.Cache.Length += row.Count;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && KnowsTokens)
            Tokens.Dispose();
    }

    /// <summary>Ids on the device.</summary>
    public static MlxArray From(int[] ids)
    {
        fixed (int* data = ids)
            return MlxArray.From(data, [ids.Length], mlx_dtype.MLX_INT32);
    }

    private static int[] FirstRows(IReadOnlyList<BatchRow> rows)
    {
        var firsts = new int[rows.Count];
        for (int s = 1; s < rows.Count; s++)
            firsts[s] = firsts[s - 1] + rows[s - 1].Count;
        return firsts;
    }
}
