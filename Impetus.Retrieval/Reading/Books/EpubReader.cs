using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Dom;
using Impetus.Retrieval.Reading.Office;
using Impetus.Retrieval.Reading.PlainText;
using Impetus.Retrieval.Reading.Web;

namespace Impetus.Retrieval.Reading.Books;

/// <summary>
/// EPUB 2 and 3: the chapters in the order of the spine, the table of contents as the outline. A book has no pages of its own: the text flows anew on
/// every screen.
/// </summary>
internal static partial class EpubReader
{
    // Fonts may be obfuscated in a book that anyone can read; any other encryption is somebody's lock.
    private static readonly string[] FontObfuscations = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        using ZipFile zip = ZipFile.Open(file.Content, file.Budget);
        if (Load(zip, "META-INF/encryption.xml") is { } encryption
            && encryption.Descendants().Any(element => element.Name.LocalName == "EncryptionMethod" && !FontObfuscations.Contains(element.Get("Algorithm"))))
            throw ReadException.Encrypted();
        string? path = Load(zip, "META-INF/container.xml")?.Descendants().FirstOrDefault(element => element.Name.LocalName == "rootfile")?.Get("full-path");
        if (path is null || Load(zip, path) is not { } package)
            throw ReadException.Damaged("it does not name its package document");
        string folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
        Properties(package, document);

        Dictionary<string, XElement> manifest = new(StringComparer.Ordinal);
        foreach (XElement item in package.Child("manifest")?.Elements() ?? [])
            if (item.Get("id") is { } id)
                manifest[id] = item;
        TableOfContents(zip, folder, manifest.Values, document);
        foreach (XElement reference in package.Child("spine")?.Elements() ?? [])
            if (reference.Get("idref") is { } id && manifest.TryGetValue(id, out XElement? item) && !IsNavigation(item))
                Chapter(zip, folder, item, file, document);
    }

    private static void Properties(XElement package, DocumentBuilder document)
    {
        foreach (XElement property in package.Child("metadata")?.Elements() ?? [])
        {
            switch (property.Name.LocalName)
            {
                case "title" when document.Title is null:
                    document.Title = property.Value;
                    break;
                case "creator":
                    document.Metadata("author", property.Value);
                    break;
                case "date":
                    document.Metadata("created", property.Value);
                    break;
                case "language" or "publisher" or "subject" or "description":
                    document.Metadata(property.Name.LocalName, property.Value);
                    break;
            }
        }
    }

    private static void Chapter(ZipFile zip, string folder, XElement item, SourceFile file, DocumentBuilder document)
    {
        string address = item.Get("href") ?? "";
        if (zip.Read(Address(folder, address)) is not { } bytes)
        {
            document.Warn("missing_part", $"The chapter {address} is missing from the file.");
            return;
        }
        if (ParseXhtml(bytes).Body is { } body)
            new HtmlWalker(document, file.Budget, _ => false).Walk(body);
    }

    private static void TableOfContents(ZipFile zip, string folder, IEnumerable<XElement> manifest, DocumentBuilder document)
    {
        XElement[] items = [.. manifest];
        if (items.FirstOrDefault(IsNavigation) is { } navigation && zip.Read(Address(folder, navigation.Get("href") ?? "")) is { } page)
        {
            IElement? contents = ParseXhtml(page).QuerySelectorAll("nav").FirstOrDefault(nav => nav.GetAttribute("epub:type") is null or "toc");
            foreach (IElement link in contents?.QuerySelectorAll("a") ?? Enumerable.Empty<IElement>())
                document.Outline(link.Ancestors<IElement>().TakeWhile(element => element != contents).Count(element => element.LocalName == "ol"), link.TextContent, null);
        }
        else if (items.FirstOrDefault(item => item.Get("media-type") == "application/x-dtbncx+xml") is { } ncx && zip.Read(Address(folder, ncx.Get("href") ?? "")) is { } map)
        {
            // NCX files of EPUB 2 name a document type, which our XML reading refuses; the HTML parser never follows it.
            foreach (IElement label in ParseXhtml(map).QuerySelectorAll("navPoint > navLabel > text"))
                document.Outline(label.Ancestors<IElement>().Count(element => element.LocalName == "navpoint"), label.TextContent, null);
        }
    }

    private static bool IsNavigation(XElement item) => item.Get("properties")?.Split(' ').Contains("nav") ?? false;

    private static string Address(string folder, string href) => OfficePackage.Resolve(folder, Uri.UnescapeDataString(href.Split('#')[0]));

    private static XElement? Load(ZipFile zip, string part) => zip.Read(part) is { } bytes ? SafeXml.Load(bytes, part) : null;

    // XHTML through the HTML parser, which knows all named characters and forgives; it only needs empty elements written out.
    private static IDocument ParseXhtml(byte[] bytes) =>
        HtmlReader.Parse(SelfClosing().Replace(TextDecoder.Decode(bytes).Text, "<$1$2></$1>"));

    [GeneratedRegex(@"<(?!area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|path|rect|use|image)([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>", RegexOptions.IgnoreCase)]
    private static partial Regex SelfClosing();
}
