using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>Sampling, as <see cref="SampleRow"/> describes it, over a full sort.</summary>
internal partial class ReferenceBackend
{
    public Tensor Sample(Tensor logits, ReadOnlySpan<SampleRow> rows)
    {
        var width = logits.Shape[-1];
        if (rows.Length != logits.Shape.Vectors)
            throw new ArgumentException($"There are {logits.Shape.Vectors} rows of logits for {rows.Length} to sample.", nameof(rows));
        var ids = new int[rows.Length];
        for (var row = 0; row < rows.Length; row++)
            ids[row] = Sample(Values(logits).AsSpan(row * width, width).ToArray(), rows[row]);
        return Own(new ReferenceTensor(ids));
    }

    private static int Sample(float[] logits, SampleRow row)
    {
        var order = Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).ThenBy(id => id).ToList();
        if (row.Temperature == 0)
            return order[0];

        var survivors = order.Select(id => (Id: id, Share: Math.Exp(((double)logits[id] - logits[order[0]]) / row.Temperature))).ToList();
        if (row.TopK > 0)
            survivors = survivors.Take(row.TopK).ToList();
        if (row.TopP < 1)
        {
            var mass = survivors.Sum(s => s.Share) * row.TopP;
            var sum = 0.0;
            survivors = survivors.TakeWhile((s, i) =>
            {
                var before = sum;
                sum += s.Share;
                return i == 0 || before < mass;
            }).ToList();
        }

        survivors = survivors.Where(s => s.Share >= row.MinP * survivors[0].Share).ToList();

        var target = row.Uniform * survivors.Sum(s => s.Share);
        var cumulative = 0.0;
        foreach (var (id, share) in survivors)
        {
            cumulative += share;
            if (cumulative > target)
                return id;
        }

        return survivors[^1].Id;
    }
}
