using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AngleSharp.Dom;

namespace Impetus.Retrieval.Reading.Web;

/// <summary>Walks a tree of HTML in document order and writes its blocks; inline elements flow together, whatever a reader cannot see is left out.</summary>
internal sealed class HtmlWalker(DocumentBuilder document, ReadingBudget budget, Func<IElement, bool> skip)
{
    private readonly StringBuilder _inline = new();
    private Action<string> _flush = document.Paragraph;

    public void Walk(INode root)
    {
        Children(root);
        Flush();
    }

    /// <summary>Whether a browser shows nothing of the element.</summary>
    public static bool IsUnseen(IElement element) =>
        element.LocalName is "script" or "style" or "template" or "noscript" or "head" or "iframe" or "object" or "embed" or "svg" or "canvas"
            or "audio" or "video" or "select" or "button" or "input" or "textarea" or "datalist" or "annotation" or "rt" or "rp"
        || element.HasAttribute("hidden")
        || element.GetAttribute("aria-hidden") == "true"
        || (element.GetAttribute("style") is { } style && IsUnseenStyle(style));

    private static bool IsUnseenStyle(string style)
    {
        string rules = style.Replace(" ", "", StringComparison.Ordinal);
        return rules.Contains("display:none", StringComparison.OrdinalIgnoreCase) || rules.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase);
    }

    private void Children(INode parent)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        budget.Check();
        foreach (INode child in parent.ChildNodes)
            if (child is IText text)
                _inline.Append(text.Data);
            else if (child is IElement element && !IsUnseen(element) && !skip(element))
                Element(element);
    }

    private void Element(IElement element)
    {
        if (IsReferenceToNote(element))
            return;
        switch (element.LocalName)
        {
            case ['h', >= '1' and <= '6']:
                int level = element.LocalName[1] - '0';
                Block(element, text => document.Heading(level, text));
                break;
            case "br":
                _inline.Append('\u2028');
                break;
            case "img":
                _inline.Append(' ').Append(element.GetAttribute("alt")).Append(' ');
                break;
            case "pre":
                Flush();
                document.Code(element.TextContent);
                break;
            case "table":
                Flush();
                Table(element);
                break;
            case "li":
                Block(element, IsNote(element) ? document.Note : text => document.ListItem(Marker(element) + text));
                break;
            case "p" when element.ParentElement is { LocalName: "li" or "aside" }:
                // The paragraphs of an item are its lines.
                Children(element);
                _inline.Append('\u2028');
                break;
            case "p" or "div" or "section" or "article" or "main" or "header" or "footer" or "aside" or "nav" or "blockquote" or "figure" or "figcaption"
                or "dl" or "dt" or "dd" or "ul" or "ol" or "hr" or "address" or "details" or "summary" or "form" or "fieldset" or "legend" or "body" or "center" or "caption":
                Block(element, IsNote(element) ? document.Note : document.Paragraph);
                break;
            default:
                Children(element);
                break;
        }
    }

    private void Block(IElement element, Action<string> write)
    {
        Flush();
        Action<string> outer = _flush;
        _flush = write;
        Children(element);
        Flush();
        _flush = outer;
    }

    // Line breaks of the source are spaces; those that were meant came in as line separators.
    private void Flush()
    {
        string text = _inline.ToString().Replace('\n', ' ').Replace('\r', ' ');
        _inline.Clear();
        if (!string.IsNullOrWhiteSpace(text))
            _flush(text);
    }

    private void Table(IElement table)
    {
        IElement[] rows = [.. table.QuerySelectorAll("tr").Where(row => !IsUnseen(row))];
        // A table that holds tables, headings or only one cell is a layout.
        if (table.QuerySelector("table, h1, h2, h3, h4, ul, p + p") is not null || rows.All(row => row.ChildElementCount < 2))
        {
            Block(table, document.Paragraph);
            return;
        }
        if (table.Children.FirstOrDefault(child => child.LocalName == "caption") is { } caption)
            document.Paragraph(caption.TextContent);
        document.Table(rows.Select(row => (IReadOnlyList<string>)[.. row.Children.Where(cell => cell.LocalName is "td" or "th").SelectMany(Cell)]));
    }

    // A cell over several columns leaves its neighbours empty, so that the columns below keep their places.
    private static IEnumerable<string> Cell(IElement cell)
    {
        yield return IsUnseen(cell) ? "" : cell.TextContent;
        if (int.TryParse(cell.GetAttribute("colspan"), NumberStyles.None, CultureInfo.InvariantCulture, out int span))
            for (int i = 1; i < Math.Min(span, 100); i++)
                yield return "";
    }

    private static string Marker(IElement item)
    {
        if (item.ParentElement is not { LocalName: "ol" } list)
            return "- ";
        int first = int.TryParse(list.GetAttribute("start"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int start) ? start : 1;
        int place = list.Children.TakeWhile(sibling => sibling != item).Count(sibling => sibling.LocalName == "li");
        return string.Create(CultureInfo.InvariantCulture, $"{first + place}. ");
    }

    private static bool IsReferenceToNote(IElement element) =>
        element.LocalName == "a" && (element.GetAttribute("role") is "doc-noteref" or "doc-backlink" || TypeOf(element) is "noteref"
            || element.ClassList.Contains("footnote-ref") || element.ClassList.Contains("footnote-back"));

    private static bool IsNote(IElement element) =>
        element.GetAttribute("role") is "doc-footnote" or "doc-endnote" || TypeOf(element) is "footnote" or "endnote" or "rearnote"
        || (element.LocalName == "li" && element.Closest("[role=doc-endnotes], .footnotes") is not null);

    private static string? TypeOf(IElement element) => element.GetAttribute("epub:type") ?? element.GetAttribute("type");
}
