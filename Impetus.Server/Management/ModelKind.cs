using Impetus.Engine.Embedding;

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

/// <summary>Tells models apart by their files.</summary>
public static class ModelKinds
{
    /// <summary>What the model in a folder is for: what neither embeds nor scores, writes.</summary>
    public static ModelKind Of(string folder) =>
        Embedder.IsFor(folder) ? ModelKind.Embedding : Reranker.IsFor(folder) ? ModelKind.Reranking : ModelKind.Chat;

    /// <summary>With its article: <c>a chat model</c>.</summary>
    public static string Name(this ModelKind kind) => kind switch
    {
        ModelKind.Chat => "a chat model",
        ModelKind.Embedding => "an embedding model",
        _ => "a reranker",
    };
}
