using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>A model that reads whole texts: tokens of a step in, one vector a token out. Engine thread only.</summary>
public interface IEncoder : IDisposable
{
    /// <summary>D: the width of a token's vector.</summary>
    int Width { get; }

    /// <summary>V: token ids are below this.</summary>
    int VocabularySize { get; }

    /// <summary>How many token types are told apart; 1 for models that know none.</summary>
    int TokenTypes => 1;

    /// <summary>The most tokens that a text may have, special ones included, by the model's positions.</summary>
    int ContextLength { get; }

    /// <summary>False for decoders that serve as embedders: their rows are causal.</summary>
    bool Bidirectional { get; }

    /// <summary>Computes a step: the final hidden states (T, D), after the model's last norm.</summary>
    Tensor Forward(Batch batch);
}
