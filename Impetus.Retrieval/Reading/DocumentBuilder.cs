using System.Text;

namespace Impetus.Retrieval.Reading;

/// <summary>Collects blocks into one text and keeps every range in step with it. Not thread-safe.</summary>
internal sealed class DocumentBuilder(DocumentKind kind, ReadingBudget budget)
{
    private readonly StringBuilder _text = new();
    private readonly List<(int? Number, int Start)> _pages = [];
    private readonly List<TextBlock> _blocks = [];
    private readonly List<Heading> _headings = [];
    private readonly List<OutlineEntry> _outline = [];
    private readonly List<string> _running = [];
    private readonly List<string> _attachments = [];
    private readonly List<ReadingWarning> _warnings = [];
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private bool _hasWords;

    public string? Title { get; set; }

    public TextEncoding? Encoding { get; set; }

    public int? Rows { get; set; }

    public bool HasWords => _hasWords;

    /// <summary>Starts a page or slide; what follows belongs to it.</summary>
    /// <param name="number">From 1, one after the other.</param>
    /// <param name="goesOn">Whether it starts in the middle of the paragraph that the page before ended with.</param>
    public void BeginPage(int number, bool goesOn = false)
    {
        budget.CheckPages(number);
        budget.Check();
        if (_text.Length > 0)
            Separate(goesOn ? "\n" : "\n\n");
        _pages.Add((number, _text.Length));
    }

    /// <param name="level">From 1.</param>
    /// <param name="text">The heading.</param>
    /// <param name="numbering">What the page shows before it, and the heading itself does not have.</param>
    public void Heading(int level, string text, string numbering = "")
    {
        string line = Prose.OneLine(text), prefix = Prose.OneLine(numbering);
        if (line.Length == 0)
            return;
        if (prefix.Length > 0)
            prefix += " ";
        int start = Append(BlockKind.Heading, prefix + line) + prefix.Length;
        _headings.Add(new Heading(Math.Max(1, level), line, _pages.Count == 0 ? null : _pages[^1].Number, start));
    }

    public void Paragraph(string text) => Append(BlockKind.Paragraph, Prose.Lines(text));

    public void ListItem(string text) => Append(BlockKind.ListItem, Prose.Lines(text));

    public void Note(string text) => Append(BlockKind.Note, Prose.Lines(text));

    /// <summary>Text whose white space means something; only its line ends are made equal.</summary>
    public void Code(string text) => Append(BlockKind.Code, Prose.Verbatim(text).Trim('\n'));

    /// <summary>A paragraph whose line breaks and indents stay.</summary>
    public void Record(string text) => Append(BlockKind.Paragraph, Prose.Verbatim(text).Trim('\n'));

    /// <summary>Rows of cells; a cell's own tabs and line breaks become spaces.</summary>
    public void Table(IEnumerable<IReadOnlyList<string>> rows)
    {
        StringBuilder table = new();
        foreach (IReadOnlyList<string> row in rows)
        {
            budget.CheckCharacters(_text.Length + table.Length);
            string line = string.Join('\t', row.Select(Prose.OneLine)).TrimEnd('\t');
            if (line.Length > 0)
                table.Append(line).Append('\n');
        }
        Append(BlockKind.Table, table.ToString().TrimEnd('\n'));
    }

    /// <summary>A plain text as it stands; its paragraphs (parted by empty lines) become the blocks.</summary>
    public void Plain(string text)
    {
        string whole = Prose.Verbatim(text).Trim('\n');
        int end;
        for (int start = 0; start < whole.Length; start = end)
        {
            end = whole.IndexOf("\n\n", start, StringComparison.Ordinal);
            if (end < 0)
                end = whole.Length;
            Append(BlockKind.Paragraph, whole[start..end].Trim('\n'));
            while (end < whole.Length && whole[end] == '\n')
                end++;
        }
    }

    public void Outline(int level, string title, int? page)
    {
        string line = Prose.OneLine(title);
        if (line.Length > 0)
            _outline.Add(new OutlineEntry(level, line, page));
    }

    public void Running(string text)
    {
        string line = Prose.OneLine(text);
        if (line.Length > 0 && !_running.Contains(line))
            _running.Add(line);
    }

    public void Attachment(string name) => _attachments.Add(Prose.OneLine(name));

    public void Warn(string code, string message, IReadOnlyList<int>? pages = null) =>
        _warnings.Add(new ReadingWarning(code, message, pages ?? []));

    /// <summary>Keeps a property of the file; null and white space are passed over.</summary>
    public void Metadata(string name, string? value)
    {
        string line = Prose.OneLine(value ?? "");
        if (line.Length > 0)
            _metadata[name] = line;
    }

    /// <exception cref="ReadException">No block had a letter or digit (<see cref="ReadError.NoText"/>).</exception>
    public ExtractedDocument Build()
    {
        if (!_hasWords)
            throw new ReadException(ReadError.NoText, "No text was found in this file, so there is nothing to search.");
        string text = _text.ToString();
        if (_pages.Count == 0)
            _pages.Add((null, 0));
        PageRange[] pages = new PageRange[_pages.Count];
        for (int i = 0; i < pages.Length; i++)
        {
            int start = i == 0 ? 0 : _pages[i].Start;
            int end = i + 1 < pages.Length ? _pages[i + 1].Start : text.Length;
            pages[i] = new PageRange(_pages[i].Number, start, end - start);
        }
        string? title = Title is null ? null : Prose.OneLine(Title);
        return new ExtractedDocument
        {
            Kind = kind,
            Title = title is "" ? null : title,
            Text = text,
            Pages = pages,
            Blocks = _blocks,
            Headings = _headings,
            Outline = _outline,
            RunningText = _running,
            Attachments = _attachments,
            Warnings = _warnings,
            Encoding = Encoding,
            Metadata = _metadata,
            Rows = Rows,
        };
    }

    private int Append(BlockKind block, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return _text.Length;
        if (_text.Length > 0 && !StartsPage())
            Separate(block == BlockKind.ListItem && _blocks.Count > 0 && _blocks[^1].Kind == BlockKind.ListItem ? "\n" : "\n\n");
        int start = _text.Length;
        budget.CheckCharacters((long)start + text.Length);
        budget.Check();
        _text.Append(text);
        _blocks.Add(new TextBlock(block, start, text.Length));
        _hasWords = _hasWords || Prose.HasWords(text);
        return start;
    }

    private bool StartsPage() => _pages.Count > 0 && _pages[^1].Start == _text.Length;

    private void Separate(string separator)
    {
        if (!StartsPage())
            _text.Append(separator);
    }
}
