using Impetus.Retrieval.Chunking;
using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Indexing;

/// <summary>An embedding model, ready for use: what a collection needs to know of it.</summary>
/// <param name="Id">The model's id (<c>org/name</c>); collections remember it.</param>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="MaxTokens">The most tokens of a text that it sees, special tokens left out.</param>
/// <param name="Tokens">Counts tokens as the model does.</param>
/// <param name="Documents">Embeds passages of documents (with the model's document prefix, where it has one). Thread-safe.</param>
/// <param name="Queries">Embeds questions (with the model's query prefix, where it has one). Thread-safe.</param>
public sealed record EmbeddingModel(
    string Id,
    int Dimensions,
    int MaxTokens,
    ITokenCounter Tokens,
    IEmbeddingGenerator<string, Embedding<float>> Documents,
    IEmbeddingGenerator<string, Embedding<float>> Queries)
{
    /// <summary>ISO 639-1 codes of the languages that the model knows; empty means any. Others lean on words in search.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];
}

/// <summary>Finds embedding models by id. Implementations are thread-safe and may load a model on first use.</summary>
public interface IEmbeddingModels
{
    /// <summary>The id of the model that a new collection gets when none is asked for.</summary>
    string DefaultId { get; }

    /// <summary>The model; throws <see cref="LibraryException"/> with <see cref="LibraryFault.ModelMissing"/> where it is not installed.</summary>
    ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken);
}
