namespace Impetus.Engine.Generation;

/// <summary>
/// From logits to the tokens that may follow, and to one of them: temperature, top_k, top_p, min_p, typical_p, each on the
/// renormalised survivors of the one before, in double precision. Greedy (temperature 0) is the largest logit. Holds the
/// scratch memory of one thread.
/// </summary>
internal sealed class TokenDistribution
{
    private int[] _ids = [];
    private double[] _weights = [];
    private double[] _logits = [];
    private int[] _order = [];

    /// <summary>How many tokens can be drawn, after <see cref="Compute"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens that can be drawn, by falling probability, ties by lower id.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>The sum of all weights that the probabilities are shares of.</summary>
    private double Mass { get; set; }

    /// <summary>The probability of the token at an index of <see cref="Ids"/>.</summary>
    public double Probability(int index) => _weights[index] / Mass;

    /// <summary>Room for the logits of a vocabulary in double precision, to be passed to the other members.</summary>
    public Span<double> Logits(int vocabulary)
    {
        if (_logits.Length < vocabulary)
            (_logits, _order) = (new double[vocabulary], new int[vocabulary]);
        return _logits.AsSpan(0, vocabulary);
    }

    /// <summary>Makes the whole distribution.</summary>
    /// <param name="logits">(V), penalties included.</param>
    /// <param name="options">Temperature and filters.</param>
    public void Compute(ReadOnlySpan<double> logits, SamplingOptions options) => Collect(logits, options, double.PositiveInfinity);

    /// <summary>Draws a token: the inverse of the cumulative distribution over <see cref="Ids"/>.</summary>
    /// <param name="logits">(V), penalties included.</param>
    /// <param name="options">Temperature and filters.</param>
    /// <param name="uniform">In [0, 1).</param>
    /// <returns>The first token at which the cumulative probability exceeds <paramref name="uniform"/>.</returns>
    public int Draw(ReadOnlySpan<double> logits, SamplingOptions options, float uniform)
    {
        Collect(logits, options, uniform);
        double target = uniform * Mass, cumulative = 0;
        for (int i = 0; i < Count; i++)
        {
            cumulative += _weights[i];
            if (cumulative > target)
                return _ids[i];
        }

        return _ids[Count - 1];
    }

    /// <summary>The largest logit's id, ties by lower id.</summary>
    public static int Greedy(ReadOnlySpan<double> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best] || (double.IsNaN(logits[best]) && !double.IsNaN(logits[i])))
                best = i;
        }

        return best;
    }

    /// <summary>Collects the survivors; where no filter cuts them, only so many as hold more than the share <paramref name="enough"/>.</summary>
    private void Collect(ReadOnlySpan<double> logits, SamplingOptions options, double enough)
    {
        int greedy = Greedy(logits);
        Count = 0;
        Mass = 0;
        if (options.Temperature == 0)
        {
            Mass = Add(greedy, 1);
            return;
        }

        Logits(logits.Length);
        var order = new FallingOrder(logits, _order.AsSpan(0, logits.Length));
        var softmax = new Softmax(greedy, logits[greedy], options.Temperature);
        bool topK = options.TopK > 0 && options.TopK < logits.Length;
        bool unfiltered = !topK && options.TopP >= 1 && options.MinP <= 0 && options.TypicalP >= 1;
        int limit = topK ? options.TopK : logits.Length;
        if (topK)
        {
            while (Count < limit)
                Mass += AddNext(ref order, logits, softmax);
        }
        else
        {
            for (int id = 0; id < logits.Length; id++)
                Mass += softmax.Weight(id, logits[id]);
        }

        // top_p keeps a mass of at least its share, an unfiltered draw needs more than its share: hence the next larger double.
        double until = unfiltered ? Math.BitIncrement(enough * Mass) : options.TopP < 1 ? options.TopP * Mass : double.PositiveInfinity;
        double kept = 0;
        int count = 0;
        while (count < limit && (count == 0 || kept < until))
        {
            if (count == Count)
                AddNext(ref order, logits, softmax);
            if (_weights[count] < options.MinP * _weights[0] || _weights[count] == 0)
                break;
            kept += _weights[count++];
        }

        Count = count;
        if (!unfiltered)
            Mass = kept;
        if (options.TypicalP < 1)
            KeepTypical(options.TypicalP);
    }

    /// <summary>Locally typical sampling (Meister et al. 2022): those whose surprise is nearest to the entropy.</summary>
    private void KeepTypical(double share)
    {
        double entropy = 0;
        var surprise = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            surprise[i] = -Math.Log(Probability(i));
            entropy += Probability(i) > 0 ? Probability(i) * surprise[i] : 0;
        }

        int[] nearest = [.. Enumerable.Range(0, Count).OrderBy(i => Math.Abs(surprise[i] - entropy))];
        int kept = 0;
        for (double cumulative = 0; kept < Count && (kept == 0 || cumulative < share * Mass); kept++)
            cumulative += _weights[nearest[kept]];
        Array.Sort(nearest, 0, kept);
        for (int i = 0; i < kept; i++)
            (_ids[i], _weights[i]) = (_ids[nearest[i]], _weights[nearest[i]]);
        Count = kept;
        Mass = Sum();
    }

    private double Sum()
    {
        double sum = 0;
        for (int i = 0; i < Count; i++)
            sum += _weights[i];
        return sum;
    }

    private double AddNext(ref FallingOrder order, ReadOnlySpan<double> logits, Softmax softmax)
    {
        int id = order.Next();
        return Add(id, softmax.Weight(id, logits[id]));
    }

    private double Add(int id, double weight)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Math.Max(64, 2 * Count));
            Array.Resize(ref _weights, _ids.Length);
        }

        _ids[Count] = id;
        return _weights[Count++] = weight;
    }

    /// <summary>Shares of the largest probability. What is not a number weighs nothing, and the largest logit 1 even if it is infinite.</summary>
    private readonly record struct Softmax(int Greedy, double Largest, double Temperature)
    {
        public double Weight(int id, double logit)
        {
            double weight = id == Greedy ? 1 : Math.Exp((logit - Largest) / Temperature);
            return double.IsNaN(weight) ? 0 : weight;
        }
    }
}
