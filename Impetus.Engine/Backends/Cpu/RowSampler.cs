using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Chooses tokens as <see cref="SampleRow"/> says. Not thread safe.</summary>
internal sealed class RowSampler
{
    private readonly FallingOrder _order = new();

    /// <summary>Chooses from a row of logits.</summary>
    /// <param name="logits">(V).</param>
    /// <param name="best">The first id of the largest logit.</param>
    /// <param name="row">How.</param>
    public int Choose(ReadOnlySpan<float> logits, int best, SampleRow row)
    {
        if (row.Temperature <= 0 || !float.IsFinite(logits[best]))
            return best;

        _order.Load(logits, logits[best], row.Temperature);
        var count = row.TopK > 0 ? Math.Min(row.TopK, _order.Count) : _order.Count;
        if (row.TopP < 1)
            count = RankAbove(count, row.TopP * _order.MassOf(count), strictly: false) + 1;
        if (row.MinP > 0)
            count = CountAtLeast(count, row.MinP);
        return _order.Id(RankAbove(count, row.Uniform * _order.MassOf(count), strictly: true));
    }

    /// <summary>The first rank at which the sum of shares reaches, or exceeds, a mass; the last of <paramref name="count"/> if none does.</summary>
    private int RankAbove(int count, double mass, bool strictly)
    {
        for (var rank = 0; rank < count - 1; rank++)
        {
            var sum = _order.MassOf(rank + 1);
            if (strictly ? sum > mass : sum >= mass)
                return rank;
        }

        return count - 1;
    }

    private int CountAtLeast(int count, double share)
    {
        var kept = 1;
        while (kept < count && _order.Share(kept) >= share)
            kept++;
        return kept;
    }
}
