using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>A model whose context is held below its own limit, to save memory.</summary>
internal sealed class ShorterContext(IDecoder decoder, int contextLength) : IDecoder
{
    public IReadOnlyList<LayerState> Layers => decoder.Layers;

    public int VocabularySize => decoder.VocabularySize;

    public int ContextLength => contextLength;

    public Tensor? Forward(Batch batch) => decoder.Forward(batch);

    public void Dispose() => decoder.Dispose();
}
