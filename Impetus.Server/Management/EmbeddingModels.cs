using Impetus.Engine.Embedding;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>The embedding models and rerankers that requests name. One that is here is loaded when it is named. Thread safe.</summary>
public sealed class EmbeddingModels(IModelLoader loader, ModelHost host)
{
    /// <summary>The ids of all embedding models that are here.</summary>
    public IReadOnlyList<string> EmbedderIds => Ids(ModelKind.Embedding);

    /// <summary>The ids of all rerankers that are here.</summary>
    public IReadOnlyList<string> RerankerIds => Ids(ModelKind.Reranking);

    /// <summary>The use of an embedding model.</summary>
    /// <exception cref="ApiException">As <see cref="ModelHost.LeaseAsync"/> says.</exception>
    public Task<ModelLease<Embedder>> EmbedderAsync(string id, KeepAlive? keepAlive, CancellationToken cancel) =>
        host.LeaseAsync<Embedder>(id, ModelKind.Embedding, keepAlive, cancel);

    /// <summary>The use of a reranker.</summary>
    /// <exception cref="ApiException">There is none at all (400); or as <see cref="ModelHost.LeaseAsync"/> says.</exception>
    public Task<ModelLease<Reranker>> RerankerAsync(string id, KeepAlive? keepAlive, CancellationToken cancel)
    {
        if (RerankerIds.Count == 0)
        {
            throw ApiException.Invalid(
                "model", "No reranker is installed, and an embedding model cannot stand in for one. Install a cross-encoder, " +
                "such as cross-encoder/ms-marco-MiniLM-L6-v2 or BAAI/bge-reranker-v2-m3, and name it here.", "no_reranker");
        }

        return host.LeaseAsync<Reranker>(id, ModelKind.Reranking, keepAlive, cancel);
    }

    private IReadOnlyList<string> Ids(ModelKind kind) => [.. loader.Installed.Where(model => model.Kind == kind).Select(model => model.Id)];
}
