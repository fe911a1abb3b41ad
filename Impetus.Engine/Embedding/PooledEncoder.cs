using Impetus.Engine.Models;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Embedding;

/// <summary>An encoder, its pooling and the dense layers after it: one vector a text. Owns all of them.</summary>
internal sealed class PooledEncoder(IEncoder encoder, Pooling pooling, IReadOnlyList<DenseModule> dense, IBackend backend) : ISequenceModel
{
    public int Width => dense.Count == 0 ? encoder.Width : dense[^1].OutFeatures;

    public int VocabularySize => encoder.VocabularySize;

    public int TokenTypes => encoder.TokenTypes;

    public int ContextLength => encoder.ContextLength;

    public bool Bidirectional => encoder.Bidirectional;

    public Tensor Forward(Batch batch)
    {
        var vectors = backend.Pool(encoder.Forward(batch), batch, pooling);
        foreach (var module in dense)
            vectors = module.Forward(vectors);
        return vectors;
    }

    public void Dispose()
    {
        foreach (var module in dense)
            module.Dispose();
        encoder.Dispose();
    }
}
