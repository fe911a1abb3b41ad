using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>A model that reads whole sequences: tokens of a step in, one vector a sequence out. Engine thread only.</summary>
public interface ISequenceModel : IDisposable
{
    /// <summary>D: the width of a sequence's vector; 1 for scores.</summary>
    int Width { get; }

    /// <summary>V: token ids are below this.</summary>
    int VocabularySize { get; }

    /// <summary>How many token types are told apart; 1 for models that know none.</summary>
    int TokenTypes { get; }

    /// <summary>The most tokens that a sequence may have, special ones included.</summary>
    int ContextLength { get; }

    /// <summary>Whether tokens see those that come after them.</summary>
    bool Bidirectional { get; }

    /// <summary>Computes a step: (S, D), a row for each sequence.</summary>
    Tensor Forward(Batch batch);
}
