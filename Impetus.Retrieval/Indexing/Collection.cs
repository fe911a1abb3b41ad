using System.Text.Json;
using Impetus.Retrieval.Chunking;

namespace Impetus.Retrieval.Indexing;

/// <summary>A named set of documents that share one embedding model.</summary>
/// <param name="Number">Never given to another collection, also after this one is deleted; it stays when the name changes.</param>
/// <param name="Name">Unique name: 1 to 128 characters, no control characters, no white space at its ends.</param>
/// <param name="EmbeddingModel">Id of the model whose vectors the collection holds.</param>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="Documents">Number of documents that are ready.</param>
/// <param name="Chunks">Number of their chunks.</param>
/// <param name="Created">When it was made, UTC.</param>
/// <param name="Metadata">The user's JSON object, if any.</param>
public sealed record Collection(
    long Number, string Name, string EmbeddingModel, int Dimensions, int Documents, int Chunks, DateTimeOffset Created, JsonElement? Metadata);

/// <summary>A collection to be made.</summary>
public sealed record NewCollection(string Name)
{
    /// <summary>The embedding model; null takes the default.</summary>
    public string? EmbeddingModel { get; init; }

    /// <summary>How its documents are cut; null takes the library's defaults.</summary>
    public ChunkingOptions? Chunking { get; init; }

    /// <summary>A JSON object of the user's, at most 16 KiB.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>What is to change of a collection; null leaves it as it is.</summary>
/// <param name="Name">Its new name.</param>
/// <param name="Metadata">The user's new JSON object, in the place of the old one.</param>
public sealed record CollectionChange(string? Name = null, JsonElement? Metadata = null);
