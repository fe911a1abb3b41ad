namespace Impetus.Retrieval.Chunking;

/// <summary>What was read from a document: one running text, and marks in it. All offsets are UTF-16 code units into <see cref="Text"/>.</summary>
/// <param name="Text">The extracted text of the whole document.</param>
public sealed record ChunkSource(string Text)
{
    /// <summary>The title that the document itself states, if any.</summary>
    public string? Title { get; init; }

    /// <summary>The pages in ascending order; empty where the format has none.</summary>
    public IReadOnlyList<PageRange> Pages { get; init; } = [];

    /// <summary>The headings in ascending order.</summary>
    public IReadOnlyList<Heading> Headings { get; init; } = [];

    /// <summary>Code blocks and tables, ascending and apart from one another: kept whole where they fit.</summary>
    public IReadOnlyList<TextRange> Blocks { get; init; } = [];

    /// <summary>What the reader wants the user to know, such as pages without text.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A half-open range <c>[Start, End)</c>.</summary>
public readonly record struct TextRange(int Start, int End);

/// <summary>The page <paramref name="Number"/> (from 1) occupies <c>[Start, End)</c>.</summary>
public readonly record struct PageRange(int Number, int Start, int End);

/// <summary>The page <paramref name="Number"/> begins at the code point <paramref name="Start"/> of its document.</summary>
public readonly record struct PageBreak(int Start, int Number);

/// <summary>A heading of <paramref name="Level"/> (1 is the outermost) whose section begins at <paramref name="Start"/>.</summary>
public readonly record struct Heading(int Level, string Text, int Start);
