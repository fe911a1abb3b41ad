using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// The Open Packaging Conventions as far as readers need them: relationships from part to part, and which kind of document a package is.
/// Parts are read by local names only, so that the transitional and the strict namespaces of ISO/IEC 29500 are read alike.
/// </summary>
internal sealed class OfficePackage(ZipFile zip)
{
    // The root element and the namespaces before it.
    private const int PeekBytes = 16384;

    /// <summary>The part that the package is about, e.g. <c>word/document.xml</c>.</summary>
    public string MainPart { get; } = MainPartOf(zip) ?? throw ReadException.Damaged("its package names no main part");

    public static DocumentKind? KindOf(ZipFile zip)
    {
        if (zip.Peek("mimetype", 100) is { } bytes)
        {
            string type = Encoding.ASCII.GetString(bytes).Trim();
            if (type.StartsWith("application/epub+zip", StringComparison.Ordinal))
                return DocumentKind.Epub;
            if (type.StartsWith("application/vnd.oasis.opendocument.text", StringComparison.Ordinal))
                return DocumentKind.Odt;
            if (type.StartsWith("application/vnd.oasis.opendocument.", StringComparison.Ordinal))
                throw new ReadException(ReadError.Unsupported, "This format is not supported. It is an OpenDocument spreadsheet, presentation or drawing: save it as XLSX, PPTX or PDF and add it again.");
        }
        if (zip.Has("META-INF/container.xml"))
            return DocumentKind.Epub;
        if (MainPartOf(zip) is not { } main || zip.Peek(main, PeekBytes) is not { } part)
            return null;
        return SafeXml.RootName(part, main) switch
        {
            "document" => DocumentKind.Docx,
            "presentation" => DocumentKind.Pptx,
            "workbook" => DocumentKind.Xlsx,
            _ => null,
        };
    }

    /// <summary>A part's XML, or null when there is no such part.</summary>
    public XElement? Load(string part) => zip.Read(part) is { } bytes ? SafeXml.Load(bytes, part) : null;

    /// <summary>A part's XML to be read forward, for parts that may be long; null when there is no such part. The caller disposes it.</summary>
    public XmlReader? Open(string part) => zip.Read(part) is { } bytes ? SafeXml.Open(new MemoryStream(bytes, writable: false)) : null;

    /// <summary>The targets of a part's relationships by id, with the last word of their type; what lies outside of the package is left out.</summary>
    public Dictionary<string, (string Type, string Target)> RelationshipsOf(string part) => RelationshipsOf(zip, part);

    /// <summary>Title, author and dates of the core properties.</summary>
    public void ReadProperties(DocumentBuilder document)
    {
        string? part = RelationshipsOf(zip, "").Values.FirstOrDefault(relationship => relationship.Type == "core-properties").Target;
        if (part is null || Load(part) is not { } properties)
            return;
        document.Title = Value("title");
        document.Metadata("author", Value("creator"));
        document.Metadata("subject", Value("subject"));
        document.Metadata("keywords", Value("keywords"));
        document.Metadata("language", Value("language"));
        document.Metadata("created", Value("created"));
        document.Metadata("modified", Value("modified"));

        string? Value(string name) => properties.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
    }

    private static string? MainPartOf(ZipFile zip) => RelationshipsOf(zip, "").Values
        .FirstOrDefault(relationship => relationship.Type == "officeDocument").Target;

    private static Dictionary<string, (string Type, string Target)> RelationshipsOf(ZipFile zip, string part)
    {
        Dictionary<string, (string, string)> relationships = new(StringComparer.Ordinal);
        int slash = part.LastIndexOf('/');
        string folder = slash < 0 ? "" : part[..slash];
        string name = $"{folder}{(folder.Length > 0 ? "/" : "")}_rels/{part[(slash + 1)..]}.rels";
        if (zip.Read(name) is not { } bytes)
            return relationships;
        foreach (XElement element in SafeXml.Load(bytes, name).Elements())
        {
            if (element.Attribute("TargetMode")?.Value == "External" || element.Attribute("Id")?.Value is not { } id || element.Attribute("Target")?.Value is not { } target)
                continue;
            string type = element.Attribute("Type")?.Value ?? "";
            relationships[id] = (type[(type.LastIndexOf('/') + 1)..], Resolve(folder, target));
        }
        return relationships;
    }

    /// <summary>A relative address within the package, from the folder of the part that holds it.</summary>
    public static string Resolve(string folder, string target)
    {
        List<string> path = target.StartsWith('/') ? [] : [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string step in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (step == "..")
                path.RemoveRange(Math.Max(0, path.Count - 1), Math.Min(1, path.Count));
            else if (step != ".")
                path.Add(step);
        return string.Join('/', path);
    }
}
