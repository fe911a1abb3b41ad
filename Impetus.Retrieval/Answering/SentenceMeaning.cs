using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Answering;

/// <summary>The embeddings of sentences that are compared with one another.</summary>
internal sealed class SentenceMeaning
{
    private readonly Dictionary<string, ReadOnlyMemory<float>> _vectors = new(StringComparer.Ordinal);

    /// <summary>Embeds each distinct sentence once.</summary>
    public static async Task<SentenceMeaning> OfAsync(
        IEmbeddingGenerator<string, Embedding<float>> embedder, IEnumerable<string> sentences, CancellationToken cancellationToken)
    {
        var meaning = new SentenceMeaning();
        string[] distinct = [.. sentences.Distinct(StringComparer.Ordinal)];
        if (distinct.Length == 0)
            return meaning;
        var embeddings = await embedder.GenerateAsync(distinct, cancellationToken: cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < distinct.Length; i++)
            meaning._vectors[distinct[i]] = embeddings[i].Vector;
        return meaning;
    }

    /// <summary>Cosine of two embedded sentences, negative ones as 0.</summary>
    public double Similarity(string a, string b)
    {
        float cosine = Cosine(_vectors[a].Span, _vectors[b].Span);
        return float.IsFinite(cosine) ? Math.Clamp(cosine, 0, 1) : 0;
    }

    private static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float product = 0, first = 0, second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += a[i] * b[i];
            first += a[i] * a[i];
            second += b[i] * b[i];
        }
        return product / MathF.Sqrt(first * second);
    }
}
