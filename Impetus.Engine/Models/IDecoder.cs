using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>A language model: tokens of a step in, logits of the wanted rows out. Engine thread only.</summary>
public interface IDecoder : IDisposable
{
    /// <summary>What each layer remembers of a sequence; <see cref="IBackend.CreateCache"/> takes it.</summary>
    IReadOnlyList<LayerState> Layers { get; }

    /// <summary>V: how many logits a row has.</summary>
    int VocabularySize { get; }

    /// <summary>How many tokens a sequence may have, prompt and answer together.</summary>
    int ContextLength { get; }

    /// <summary>Computes a step: logits (W, V), f32, of the rows that <paramref name="batch"/> wants; null if it wants none.</summary>
    Tensor? Forward(Batch batch);
}
