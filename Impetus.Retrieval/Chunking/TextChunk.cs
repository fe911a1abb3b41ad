namespace Impetus.Retrieval.Chunking;

/// <summary>A passage: the code units <c>[Start, End)</c> of the extracted text, exactly.</summary>
/// <param name="Ordinal">Position among the document's chunks, from 0.</param>
/// <param name="Start">First UTF-16 code unit.</param>
/// <param name="End">One past the last UTF-16 code unit.</param>
/// <param name="FirstPage">Page on which the chunk begins, from 1; 0 where the document has no pages.</param>
/// <param name="LastPage">Page on which the chunk ends; 0 where the document has no pages.</param>
/// <param name="HeadingPath">The headings above the chunk, outermost first.</param>
/// <param name="Tokens">Tokens as the embedder counts them, special tokens left out.</param>
public sealed record TextChunk(int Ordinal, int Start, int End, int FirstPage, int LastPage, IReadOnlyList<string> HeadingPath, int Tokens);
