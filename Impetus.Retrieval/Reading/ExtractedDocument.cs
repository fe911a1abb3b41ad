namespace Impetus.Retrieval.Reading;

/// <summary>
/// What a reader made of a file: one string, and everything else as ranges of it. All offsets count UTF-16 code units of
/// <see cref="Text"/>, as .NET strings do.
/// </summary>
public sealed record ExtractedDocument
{
    public required DocumentKind Kind { get; init; }

    /// <summary>The title that the file itself names (metadata, front matter, title element, subject), or null.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// The whole text in reading order. Lines end in <c>\n</c>, blocks are parted by an empty line; there are no control characters but
    /// line feeds and tabs, no soft hyphens and no lone surrogates. A table's row is a line, its cells are parted by tabs.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>
    /// The pages in order: adjacent ranges that cover <see cref="Text"/> without a gap. A PDF's pages and a presentation's slides are
    /// numbered from 1; every other format is one page whose number is null, since its pages are made only by a layout program.
    /// </summary>
    public required IReadOnlyList<PageRange> Pages { get; init; }

    /// <summary>Headings, paragraphs, tables, code and notes in the order of the text; they do not overlap.</summary>
    public IReadOnlyList<TextBlock> Blocks { get; init; } = [];

    public IReadOnlyList<Heading> Headings { get; init; } = [];

    /// <summary>The bookmarks of a PDF or a book's table of contents, flattened, in order.</summary>
    public IReadOnlyList<OutlineEntry> Outline { get; init; } = [];

    /// <summary>Running headers and footers, each once. They are not part of <see cref="Text"/>.</summary>
    public IReadOnlyList<string> RunningText { get; init; } = [];

    /// <summary>Names of files that came inside of this one (mail attachments).</summary>
    public IReadOnlyList<string> Attachments { get; init; } = [];

    public IReadOnlyList<ReadingWarning> Warnings { get; init; } = [];

    /// <summary>How the bytes were turned into characters; null where the format leaves no choice.</summary>
    public TextEncoding? Encoding { get; init; }

    /// <summary>Author, created, language and the like, under lower-case names; dates are ISO 8601.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The records of a CSV, TSV or JSON Lines file, the header included; else null.</summary>
    public int? Rows { get; init; }

    /// <summary>The text of a page without the white space at its end.</summary>
    public string TextOf(PageRange page) => Text.Substring(page.Start, page.Length).TrimEnd();

    /// <summary>The page that holds the character at <paramref name="offset"/>, or null in a format without pages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is outside of the text.</exception>
    public int? PageAt(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Text.Length);
        int low = 0, high = Pages.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Pages[middle].Start <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return Pages[low].Number;
    }
}

/// <summary>One page: its number from 1 (null where the format has no pages) and its range of the text.</summary>
public readonly record struct PageRange(int? Number, int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>What a stretch of text is, for whoever splits it: tables and code want to stay whole, notes stand apart.</summary>
public enum BlockKind
{
    Paragraph,
    Heading,
    ListItem,
    Table,
    Code,
    Note,
}

/// <summary>A range of the text and what it is.</summary>
public readonly record struct TextBlock(BlockKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>A heading: level from 1, its text, and where it stands.</summary>
public readonly record struct Heading(int Level, string Text, int? Page, int Start);

/// <summary>A bookmark: level from 1, its title, and its page where it names one.</summary>
public readonly record struct OutlineEntry(int Level, string Title, int? Page);

/// <summary>Something that a user should know of a file that was read all the same; <c>Pages</c> is empty where it concerns no page.</summary>
public sealed record ReadingWarning(string Code, string Message, IReadOnlyList<int> Pages)
{
    public ReadingWarning(string code, string message) : this(code, message, []) { }
}

/// <summary>The encoding by its IANA name, and whether it was guessed from the bytes (true) or told by the file (false).</summary>
public readonly record struct TextEncoding(string Name, bool Guessed);
