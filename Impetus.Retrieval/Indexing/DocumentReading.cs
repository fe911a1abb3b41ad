using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Reading;

namespace Impetus.Retrieval.Indexing;

/// <summary>Joins the readers to the library: what a reader made of a file, as the chunker wants it.</summary>
public static class DocumentReading
{
    /// <summary>A library's reader that reads through <paramref name="reader"/>, which stays the caller's.</summary>
    public static DocumentReader Through(IDocumentReader reader) => async (document, cancellationToken) =>
    {
        try
        {
            return ToSource(await reader.ReadAsync(document.Bytes, document.Name, cancellationToken).ConfigureAwait(false));
        }
        catch (ReadException fault)
        {
            var kind = fault.Error == ReadError.TooLarge ? LibraryFault.TooLarge : LibraryFault.Unreadable;
            throw new LibraryException(kind, $"{document.Name}: {fault.Message}", fault) { Code = fault.Code };
        }
    };

    /// <summary>Code and tables are kept whole; pages are kept where the format numbers them.</summary>
    public static ChunkSource ToSource(ExtractedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new ChunkSource(document.Text)
        {
            Title = document.Title,
            Pages = [.. document.Pages.Where(page => page.Number is not null).Select(page => new Chunking.PageRange(page.Number!.Value, page.Start, page.End))],
            Headings = [.. document.Headings.Select(heading => new Chunking.Heading(heading.Level, heading.Text, heading.Start))],
            Blocks = [.. document.Blocks.Where(block => block.Kind is BlockKind.Code or BlockKind.Table).Select(block => new TextRange(block.Start, block.End))],
            Warnings = [.. document.Warnings.Select(warning => warning.Message)],
        };
    }
}
