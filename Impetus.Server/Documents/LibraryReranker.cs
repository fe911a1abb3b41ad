using Impetus.Retrieval.Searching;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.Documents;

/// <summary>The installed cross-encoder as the library knows rerankers: of several, the first by name. It is loaded when it is asked. Thread safe.</summary>
internal sealed class LibraryReranker(EmbeddingModels models) : IReranker
{
    /// <summary>Refuses a request for reranking where nothing can do it.</summary>
    /// <param name="param">The path of the field that asks for it.</param>
    /// <exception cref="ApiException">No reranker is installed.</exception>
    public void Require(string param)
    {
        if (models.RerankerIds.Count == 0)
        {
            throw ApiException.Invalid(
                param,
                $"{param} needs a reranker, and none is installed. Install a cross-encoder, such as cross-encoder/ms-marco-MiniLM-L6-v2 or "
                    + "BAAI/bge-reranker-v2-m3, or leave it out.",
                "no_reranker");
        }
    }

    public async Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> passages, CancellationToken cancellationToken)
    {
        using var lease = await models.RerankerAsync(models.RerankerIds[0], keepAlive: null, cancellationToken);
        var scores = await lease.Model.ScoreAsync(query, passages, truncate: true, cancellationToken);
        return [.. scores.Select(score => score.Raw)];
    }
}
