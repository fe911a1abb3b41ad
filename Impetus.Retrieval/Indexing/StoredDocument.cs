using System.Text.Json;

namespace Impetus.Retrieval.Indexing;

/// <summary>A document of the library.</summary>
/// <param name="Id">Its id, <c>doc_</c> and 32 hexadecimal digits.</param>
/// <param name="Collection">The collection that holds it.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Source">Where it came from, if that was said.</param>
/// <param name="Title">Its title; the name where it has none.</param>
/// <param name="ContentType">The media type that the sender stated, if any.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Characters">Length of the extracted text in Unicode code points.</param>
/// <param name="Pages">Number of pages; 0 where the format has none.</param>
/// <param name="Chunks">Number of its chunks.</param>
/// <param name="Language">ISO 639-1 code of the language that it seems to be in, or <c>und</c>.</param>
/// <param name="Created">When it was added, UTC.</param>
/// <param name="Modified">When the file was last changed, if known.</param>
/// <param name="Metadata">The user's JSON object, if any.</param>
/// <param name="Warnings">What its reader wanted the user to know.</param>
public sealed record StoredDocument(
    string Id,
    string Collection,
    string Name,
    string? Source,
    string Title,
    string? ContentType,
    string Sha256,
    long Bytes,
    int Characters,
    int Pages,
    int Chunks,
    string Language,
    DateTimeOffset Created,
    DateTimeOffset? Modified,
    JsonElement? Metadata,
    IReadOnlyList<string> Warnings);

/// <summary>A chunk of a stored document. Offsets count Unicode code points of the extracted text.</summary>
/// <param name="DocumentId">The document that holds it.</param>
/// <param name="Ordinal">Position among the document's chunks, from 0.</param>
/// <param name="Text">The text at the range, exactly.</param>
/// <param name="Start">First code point.</param>
/// <param name="End">One past the last code point.</param>
/// <param name="FirstPage">Page on which it begins, from 1; 0 where the document has no pages.</param>
/// <param name="LastPage">Page on which it ends.</param>
/// <param name="HeadingPath">The headings above it, outermost first.</param>
/// <param name="Tokens">Tokens as the embedder counts them.</param>
public sealed record StoredChunk(
    string DocumentId, int Ordinal, string Text, int Start, int End, int FirstPage, int LastPage, IReadOnlyList<string> HeadingPath, int Tokens);

/// <summary>One page of a listing.</summary>
/// <param name="Items">The items, in the listing's order.</param>
/// <param name="Next">Pass it as <c>after</c> to get the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
