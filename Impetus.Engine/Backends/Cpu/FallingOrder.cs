using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>
/// A row of logits by falling probability, sorted only as far as anybody asks: ids are first thrown into bins of like
/// probability, and a bin is sorted when it is reached. All filters of <see cref="SampleRow"/> keep a prefix of this order.
/// Shares are relative to the largest, in f64. What is less likely than e⁻⁴⁰ of the likeliest is left out.
/// </summary>
internal sealed class FallingOrder
{
    private const int BinsPerUnit = 8;
    private const int Bins = 40 * BinsPerUnit;

    private readonly int[] _binStarts = new int[Bins + 1];
    private int[] _ids = [];
    private double[] _keys = [];
    private double[] _cumulative = [];
    private int _sortedBins;
    private int _sorted;

    /// <summary>How many ids there are.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of all shares.</summary>
    public double Mass { get; private set; }

    /// <summary>Begins with a row.</summary>
    /// <param name="logits">(V).</param>
    /// <param name="largest">The largest of them, finite.</param>
    /// <param name="temperature">Above 0.</param>
    public void Load(ReadOnlySpan<float> logits, float largest, float temperature)
    {
        if (_ids.Length < logits.Length)
            (_ids, _keys, _cumulative) = (new int[logits.Length], new double[logits.Length], new double[logits.Length]);
        (_sortedBins, _sorted, Mass) = (0, 0, 0);
        Array.Clear(_binStarts);

        foreach (var logit in logits)
        {
            if (Bin(logit, largest, temperature) is var bin and >= 0)
                _binStarts[bin + 1]++;
        }

        for (var bin = 0; bin < Bins; bin++)
            _binStarts[bin + 1] += _binStarts[bin];
        Count = _binStarts[Bins];

        Span<int> next = stackalloc int[Bins];
        _binStarts.AsSpan(0, Bins).CopyTo(next);
        for (var id = 0; id < logits.Length; id++)
        {
            if (Bin(logits[id], largest, temperature) is not (var bin and >= 0))
                continue;
            var at = next[bin]++;
            _ids[at] = id;
            _keys[at] = ((double)largest - logits[id]) / temperature;
            Mass += Math.Exp(-_keys[at]);
        }
    }

    /// <summary>The id at a rank.</summary>
    public int Id(int rank)
    {
        SortTo(rank);
        return _ids[rank];
    }

    /// <summary>The share at a rank: 1 at rank 0.</summary>
    public double Share(int rank)
    {
        SortTo(rank);
        return Math.Exp(-_keys[rank]);
    }

    /// <summary>The sum of the first <paramref name="count"/> shares.</summary>
    public double MassOf(int count)
    {
        if (count == 0 || count >= Count)
            return count == 0 ? 0 : Mass;
        SortTo(count - 1);
        return _cumulative[count - 1];
    }

    private static int Bin(float logit, float largest, float temperature)
    {
        var drop = ((double)largest - logit) / temperature * BinsPerUnit;
        return drop < Bins ? (int)drop : -1;
    }

    private void SortTo(int rank)
    {
        while (_sorted <= rank)
        {
            var end = _binStarts[++_sortedBins];
            Sort(_sorted, end);
            for (; _sorted < end; _sorted++)
                _cumulative[_sorted] = (_sorted == 0 ? 0 : _cumulative[_sorted - 1]) + Math.Exp(-_keys[_sorted]);
        }
    }

    /// <summary>By rising key; a bin's ids rise already, and so do those of equal keys afterwards.</summary>
    private void Sort(int first, int end)
    {
        Array.Sort(_keys, _ids, first, end - first);
        for (var i = first; i < end;)
        {
            var tie = i + 1;
            while (tie < end && _keys[tie] == _keys[i])
                tie++;
            Array.Sort(_ids, i, tie - i);
            i = tie;
        }
    }
}
