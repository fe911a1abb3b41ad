using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Impetus.Retrieval.Reading.PlainText;

namespace Impetus.Retrieval.Reading.Web;

/// <summary>HTML files: the main text, without navigation and the rest of the page's furniture.</summary>
internal static partial class HtmlReader
{
    // The HTML standard looks for the declaration in the first kilobyte; pages with long comments on top need more.
    private const int PrescanBytes = 4096;

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        string html = TextDecoder.DecodeInto(document, file.Bytes, Declared(file.Bytes));
        IDocument page = Parse(html);
        document.Title = page.Title;
        document.Metadata("language", page.DocumentElement?.GetAttribute("lang"));
        foreach (string name in (string[])["author", "description", "keywords", "date"])
            document.Metadata(name, page.QuerySelector($"meta[name='{name}' i]")?.GetAttribute("content"));
        document.Metadata("date", page.QuerySelector("meta[property='article:published_time']")?.GetAttribute("content"));
        if (page.Body is { } body)
            new HtmlWalker(document, file.Budget, Boilerplate.In(body)).Walk(Boilerplate.MainOf(body));
    }

    /// <summary>A tree without scripts run, styles computed or anything fetched.</summary>
    public static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    /// <summary>The text of a piece of HTML that stands inside of another format, on one line.</summary>
    public static string TextOfFragment(string html) => Parse(html).Body?.TextContent ?? "";

    private static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        string start = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, PrescanBytes)]);
        Match match = Charset().Match(start);
        return match.Success ? TextDecoder.FromLabel(match.Groups[1].Value) : null;
    }

    [GeneratedRegex("""(?:<meta[^>]*?charset\s*=\s*|<\?xml[^>]*?encoding\s*=\s*)["']?\s*([A-Za-z0-9._:-]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
