using Impetus.Engine.Models;

namespace Impetus.Engine.Generation;

/// <summary>Log-probabilities from the softmax of raw logits, before any bias, penalty, temperature or filter.</summary>
internal static class Logprobs
{
    /// <summary>The most alternatives that are reported with a token.</summary>
    public const int MostAlternatives = 20;

    /// <summary>The log-probability of a token and the likeliest ones beside it, falling, ties by lower id.</summary>
    /// <param name="logits">(V), raw.</param>
    /// <param name="token">The token that was chosen.</param>
    /// <param name="alternatives">How many of the likeliest are listed, 0 to <see cref="MostAlternatives"/>.</param>
    public static TokenLogprob Of(ReadOnlySpan<float> logits, int token, int alternatives)
    {
        double logSumExp = DecoderProbe.LogSumExp(logits);
        Span<int> ids = stackalloc int[MostAlternatives];
        int count = Likeliest(logits, ids[..Math.Min(alternatives, logits.Length)]);
        var top = new TokenAlternative[count];
        for (int i = 0; i < count; i++)
            top[i] = new TokenAlternative(ids[i], (float)(logits[ids[i]] - logSumExp));
        return new TokenLogprob(token, (float)(logits[token] - logSumExp), top);
    }

    private static int Likeliest(ReadOnlySpan<float> logits, Span<int> ids)
    {
        int count = 0;
        for (int id = 0; id < logits.Length && ids.Length > 0; id++)
        {
            if (count == ids.Length && !(logits[id] > logits[ids[^1]]))
                continue;
            int at = count < ids.Length ? count++ : count - 1;
            for (; at > 0 && logits[id] > logits[ids[at - 1]]; at--)
                ids[at] = ids[at - 1];
            ids[at] = id;
        }

        return count;
    }
}
