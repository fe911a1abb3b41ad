using System.Globalization;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Outline;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// PDF (ISO 32000): letters and their places come from PdfPig; lines, columns, paragraphs, headings, tables, notes and running heads are
/// found here. The pages are read one by one and then laid out together, since what runs along the top of a page is known only from the others.
/// </summary>
internal static class PdfReader
{
    private const int MaxStackDepth = 128;

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        InflationMeter meter = new(file.Budget);
        try
        {
            using PdfDocument pdf = PdfDocument.Open(file.Content, new ParsingOptions
            {
                UseLenientParsing = true,
                SkipMissingFonts = true,
                MaxStackDepth = MaxStackDepth,
                FilterProvider = meter,
            });
            if (pdf.NumberOfPages == 0)
                throw ReadException.Damaged("it has no pages");
            Read(pdf, file.Budget, meter, document);
        }
        catch (PdfDocumentEncryptedException)
        {
            throw ReadException.Encrypted();
        }
        catch (Exception fault) when (fault is not (ReadException or OperationCanceledException or OutOfMemoryException))
        {
            meter.ThrowIfExceeded();
            throw ReadException.Damaged("its objects do not fit together", fault);
        }
    }

    private static void Read(PdfDocument pdf, ReadingBudget budget, InflationMeter meter, DocumentBuilder document)
    {
        Properties(pdf.Information, document);
        List<OutlineEntry> outline = Optional(() => Outline(pdf), meter) ?? [];
        foreach (OutlineEntry entry in outline)
            document.Outline(entry.Level, entry.Title, entry.Page);
        List<PageContent> pages = Pages(pdf, budget, meter, document);
        RefuseUnreadable(pages, document);
        ILookup<int, string>? form = Optional(() => PdfForm.ValuesOf(pdf, budget), meter);
        new PdfLayout(budget).Write(pages, outline, form, document);
        int[] empty = [.. pages.Where(page => page.Letters == 0 && page.HasGraphics && !(form?.Contains(page.Number) ?? false)).Select(page => page.Number)];
        if (empty.Length == pages.Count)
            throw new ReadException(ReadError.NoText, "No text was found. This looks like a scan; text recognition is not available. Run text recognition on it and add it again.");
        if (empty.Length > 0)
            document.Warn("no_text", $"No text was found on {(empty.Length == 1 ? "page" : "pages")} {string.Join(", ", empty)}; this looks like a scan.", empty);
    }

    private static List<PageContent> Pages(PdfDocument pdf, ReadingBudget budget, InflationMeter meter, DocumentBuilder document)
    {
        FontAudit audit = new(pdf);
        List<PageContent> pages = [];
        List<int> damaged = [];
        for (int number = 1; number <= pdf.NumberOfPages; number++)
        {
            budget.CheckPages(number);
            budget.Check();
            try
            {
                pages.Add(Content(pdf.GetPage(number), audit, budget));
            }
            catch (Exception fault) when (fault is not (ReadException or OperationCanceledException or OutOfMemoryException))
            {
                damaged.Add(number);
                pages.Add(new PageContent(number, [], 0, 0, HasGraphics: false));
            }
            meter.ThrowIfExceeded();
        }
        if (damaged.Count == pages.Count)
            throw ReadException.Damaged("none of its pages can be read");
        if (damaged.Count > 0)
            document.Warn("damaged", $"{(damaged.Count == 1 ? "Page" : "Pages")} {string.Join(", ", damaged)} could not be read.", damaged);
        return pages;
    }

    private static PageContent Content(Page page, FontAudit audit, ReadingBudget budget)
    {
        List<Letter> readable = [];
        int unreadable = 0;
        foreach (Letter letter in page.Letters)
        {
            if (string.IsNullOrWhiteSpace(letter.Value) || (audit.IsReadable(letter) && !IsPrivate(letter.Value)))
                readable.Add(letter);
            else
                unreadable++;
        }
        List<List<Fragment>> directions = [.. PageGlyphs.Of(readable, page.Width, page.Height, budget).Select(glyphs => FragmentBuilder.Build(glyphs, budget))];
        int letters = readable.Count(letter => !string.IsNullOrWhiteSpace(letter.Value));
        return new PageContent(page.Number, directions, letters, unreadable, page.NumberOfImages > 0 || page.Paths.Count > 0);
    }

    private static bool IsPrivate(string value) => value[0] is (>= '\uE000' and <= '\uF8FF') or '\uFFFD';

    private static void RefuseUnreadable(List<PageContent> pages, DocumentBuilder document)
    {
        long unreadable = pages.Sum(page => (long)page.UnreadableLetters), readable = pages.Sum(page => (long)page.Letters);
        if (unreadable > readable)
            throw new ReadException(ReadError.NoUnicode, "The text of this PDF cannot be decoded (its fonts lack a Unicode map). Print it anew from the program that made it, or run text recognition on it, and add it again.");
        int[] partly = [.. pages.Where(page => page.UnreadableLetters > 10 && page.UnreadableLetters > page.Letters / 20).Select(page => page.Number)];
        if (partly.Length > 0)
            document.Warn("no_unicode", $"Some text on {(partly.Length == 1 ? "page" : "pages")} {string.Join(", ", partly)} cannot be decoded (its fonts lack a Unicode map) and was left out.", partly);
    }

    private static void Properties(DocumentInformation information, DocumentBuilder document)
    {
        // What some writers put where nobody gave a title.
        document.Title = information.Title is { } title && !title.Equals("untitled", StringComparison.OrdinalIgnoreCase) ? title : null;
        document.Metadata("author", information.Author is "anonymous" or "(anonymous)" ? null : information.Author);
        document.Metadata("subject", information.Subject is "unspecified" ? null : information.Subject);
        document.Metadata("keywords", information.Keywords);
        document.Metadata("application", information.Creator is "(unspecified)" or "anonymous" ? null : information.Creator);
        document.Metadata("producer", information.Producer);
        document.Metadata("created", information.GetCreatedDateTimeOffset()?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        document.Metadata("modified", information.GetModifiedDateTimeOffset()?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
    }

    private static List<OutlineEntry> Outline(PdfDocument pdf)
    {
        List<OutlineEntry> entries = [];
        if (OutlineGuard.IsTree(pdf) && pdf.TryGetBookmarks(out Bookmarks? bookmarks, false))
            foreach (BookmarkNode node in bookmarks.GetNodes())
                if (!string.IsNullOrWhiteSpace(node.Title))
                    entries.Add(new OutlineEntry(node.Level + 1, node.Title, node is DocumentBookmarkNode { PageNumber: > 0 } inside ? inside.PageNumber : null));
        return entries;
    }

    // Bookmarks and forms are extras: where they are broken the text is still worth having.
    private static T? Optional<T>(Func<T> read, InflationMeter meter) where T : class
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not (ReadException or OperationCanceledException or OutOfMemoryException))
        {
            meter.ThrowIfExceeded();
            return null;
        }
    }
}
