namespace Impetus.Server.Management;

/// <summary>What a model is for.</summary>
public enum ModelKind
{
    /// <summary>Writes text.</summary>
    Chat,

    /// <summary>Turns texts into vectors.</summary>
    Embedding,

    /// <summary>Scores documents against a query.</summary>
    Reranking,
}
