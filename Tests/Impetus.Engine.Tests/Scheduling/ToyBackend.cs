using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>
/// The reference backend with caches that remember tokens, so that a model can look at a sequence's whole past and a test at
/// what is still alive. Tokens that forks share are counted once.
/// </summary>
/// <param name="runsAhead">Whether the next step is laid out before this one is read.</param>
internal sealed class ToyBackend(bool runsAhead = false) : ReferenceBackend, IBackend
{
    /// <summary>What a token takes.</summary>
    public const int BytesPerToken = 8;

    /// <summary>Caches that were made and not disposed.</summary>
    public int LiveCaches { get; set; }

    /// <summary>Tokens that live caches remember, shared ones once.</summary>
    public int LiveTokens { get; set; }

    /// <summary>The most that <see cref="LiveTokens"/> ever was.</summary>
    public int MostLiveTokens { get; set; }

    /// <summary>How many tokens each step had.</summary>
    public List<int> StepSizes { get; } = [];

    /// <summary>Steps that began on tokens that the host had not read.</summary>
    public int StepsAhead { get; private set; }

    public override bool RunsAhead => runsAhead;

    SequenceCache IBackend.CreateCache(IReadOnlyList<LayerState> layers) => new ToyCache(this, []);

    Batch IBackend.Begin(IReadOnlyList<BatchRow> rows, ReadOnlySpan<int> tokens, ReadOnlySpan<int> types)
    {
        var batch = new ToyBatch([.. rows], tokens.ToArray());
        Counters.Steps++;
        Counters.Tokens += batch.TokenCount;
        StepSizes.Add(batch.TokenCount);
        return batch;
    }

    Batch IBackend.Begin(IReadOnlyList<BatchRow> rows, Tensor tokens)
    {
        StepsAhead++;
        return ((IBackend)this).Begin(rows, ((ReferenceTensor)tokens).Ids);
    }
}

/// <summary>A sequence's tokens.</summary>
internal sealed class ToyCache : SequenceCache
{
    private readonly ToyBackend _backend;
    private readonly List<Cell> _cells;
    private bool _disposed;

    public ToyCache(ToyBackend backend, IEnumerable<Cell> cells)
    {
        _backend = backend;
        _cells = [.. cells];
        Length = _cells.Count;
        foreach (var cell in _cells)
            cell.Users++;
        backend.LiveCaches++;
    }

    /// <summary>The only length that it can be forked at, as with a window that is full; null: any.</summary>
    public int? OnlyFork { get; set; }

    public IEnumerable<int> Tokens => Alive(_cells).Select(cell => cell.Token);

    public override double ProportionalBytes => Alive(_cells).Sum(cell => 1d / cell.Users) * ToyBackend.BytesPerToken;

    public void Append(IEnumerable<int> tokens)
    {
        Alive(_cells).AddRange(tokens.Select(token => new Cell(token) { Users = 1 }));
        _backend.LiveTokens += _cells.Count - Length;
        _backend.MostLiveTokens = Math.Max(_backend.MostLiveTokens, _backend.LiveTokens);
        Length = _cells.Count;
    }

    public override int LongestFork(int length) =>
        OnlyFork is { } only ? (length >= only ? only : 0) : Math.Min(length, Alive(_cells).Count);

    public override SequenceCache Fork(int length) => new ToyCache(_backend, Alive(_cells)[..length]);

    public override bool Truncate(int length)
    {
        if (length > Alive(_cells).Count)
            return false;
        _backend.LiveTokens -= _cells[length..].Count(cell => --cell.Users == 0);
        _cells.RemoveRange(length, _cells.Count - length);
        Length = length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        Alive(_cells);
        _disposed = true;
        _backend.LiveCaches--;
        _backend.LiveTokens -= _cells.Count(cell => --cell.Users == 0);
    }

    private T Alive<T>(T value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return value;
    }

    public sealed class Cell(int token)
    {
        public int Token { get; } = token;

        public int Users { get; set; }
    }
}

/// <summary>A step of <see cref="ToyCache"/>s.</summary>
internal sealed class ToyBatch(IReadOnlyList<BatchRow> rows, int[] tokens) : Batch(rows)
{
    /// <summary>The tokens of each row.</summary>
    public IEnumerable<int[]> TokensByRow
    {
        get
        {
            int first = 0;
            foreach (var row in Rows)
                yield return tokens[first..(first += row.Count)];
        }
    }

    public override void Complete()
    {
        foreach (var (row, added) in Rows.Zip(TokensByRow))
            ((ToyCache)row.Cache!).Append(added);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
