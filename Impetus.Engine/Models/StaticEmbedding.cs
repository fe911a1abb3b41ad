using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>Static token vectors, as model2vec distils them (van Dongen and Tulkens 2024): a table and no layers.</summary>
internal sealed class StaticEmbedding : IEncoder
{
    private readonly ModelWeights _weights;
    private readonly EmbeddingWeight _table;

    /// <param name="weights">With the table <c>embeddings</c> (model2vec) or <c>embedding.weight</c> (sentence-transformers).</param>
    /// <param name="contextLength">The most tokens of a text.</param>
    public StaticEmbedding(ModelWeights weights, int contextLength)
    {
        _weights = weights;
        _table = weights.Table(weights.HasTensor("embeddings") ? "embeddings" : "embedding.weight");
        ContextLength = contextLength;
    }

    public int Width => _table.Width;

    public int VocabularySize => _table.Count;

    public int ContextLength { get; }

    public bool Bidirectional => true;

    public Tensor Forward(Batch batch) => _weights.Backend.Embed(_table, batch);

    public void Dispose() => _weights.Dispose();
}
