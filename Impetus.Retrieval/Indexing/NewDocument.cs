using System.Text.Json;

namespace Impetus.Retrieval.Indexing;

/// <summary>A document to be added.</summary>
/// <param name="Name">The file's name, with its extension: it helps to recognise the format.</param>
/// <param name="Bytes">The file's bytes. Their SHA-256 decides whether the document is new.</param>
public sealed record NewDocument(string Name, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The collection; it is made with the default embedding model where it does not exist.</summary>
    public string Collection { get; init; } = "documents";

    /// <summary>Where it comes from (a path, a URL, a name of the user's). A document of the same source is replaced.</summary>
    public string? Source { get; init; }

    /// <summary>The media type that the sender stated, if any.</summary>
    public string? ContentType { get; init; }

    /// <summary>Overrides the title that the document itself states.</summary>
    public string? Title { get; init; }

    /// <summary>A JSON object of the user's, at most 16 KiB; filters see it.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>When the file was last changed, if known; date filters see it.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>A repeated request with the same key and content gets the first answer; with other content it is refused.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>Turns a file's bytes into text. Throws <see cref="LibraryException"/> (<see cref="LibraryFault.Unreadable"/>) where it cannot.</summary>
public delegate Task<Chunking.ChunkSource> DocumentReader(NewDocument document, CancellationToken cancellationToken);

/// <summary>What became of a document.</summary>
/// <param name="Document">The document that is now in the library.</param>
/// <param name="Outcome">Whether it was new.</param>
public sealed record AddedDocument(StoredDocument Document, AddOutcome Outcome);

/// <summary>What became of a document that was added.</summary>
public enum AddOutcome
{
    /// <summary>It was new.</summary>
    Created,

    /// <summary>It replaced an older one of the same source.</summary>
    Replaced,

    /// <summary>The same bytes were there already.</summary>
    Unchanged,
}
