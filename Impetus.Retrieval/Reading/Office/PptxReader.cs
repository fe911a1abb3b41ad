using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// PresentationML: a slide is a page, in the order of the presentation's own list. The title placeholder is the heading, speaker notes follow the
/// slide; date, footer and slide number are running text.
/// </summary>
internal static class PptxReader
{
    public static void Read(SourceFile file, DocumentBuilder document)
    {
        using ZipFile zip = ZipFile.Open(file.Content, file.Budget);
        OfficePackage package = new(zip);
        package.ReadProperties(document);
        XElement presentation = package.Load(package.MainPart) ?? throw ReadException.Damaged("its main part is missing");
        Dictionary<string, (string Type, string Target)> related = package.RelationshipsOf(package.MainPart);
        int number = 0;
        foreach (XElement id in presentation.Child("sldIdLst")?.Elements() ?? [])
        {
            document.BeginPage(++number);
            string? reference = id.Attributes().FirstOrDefault(attribute => attribute.Name is { LocalName: "id", NamespaceName.Length: > 0 })?.Value;
            if (reference is null || !related.TryGetValue(reference, out (string Type, string Target) slide) || package.Load(slide.Target) is not { } content)
            {
                document.Warn("missing_slide", $"Slide {number} is missing from the file.", [number]);
                continue;
            }
            Slide(content, document);
            foreach ((string type, string target) in package.RelationshipsOf(slide.Target).Values)
                if (type == "notesSlide" && package.Load(target) is { } notes)
                    Notes(notes, document);
        }
    }

    private static void Slide(XElement slide, DocumentBuilder document)
    {
        if (slide.Child("cSld")?.Child("spTree") is not { } tree)
            return;
        foreach (XElement shape in Shapes(tree).Where(shape => PlaceholderOf(shape) is "title" or "ctrTitle"))
            document.Heading(1, string.Join(' ', Paragraphs(shape)));
        foreach (XElement shape in Shapes(tree))
        {
            switch (PlaceholderOf(shape))
            {
                case "title" or "ctrTitle":
                    break;
                case "dt" or "ftr" or "hdr":
                    document.Running(string.Join(' ', Paragraphs(shape)));
                    break;
                case "sldNum":
                    break;
                default:
                    Shape(shape, document);
                    break;
            }
        }
    }

    private static void Shape(XElement shape, DocumentBuilder document)
    {
        if (shape.Descendants().FirstOrDefault(element => element.Name.LocalName == "tbl") is { } table)
            document.Table(table.Elements().Where(row => row.Name.LocalName == "tr")
                .Select(row => (IReadOnlyList<string>)[.. row.Elements().Where(cell => cell.Name.LocalName == "tc").Select(cell => string.Join(' ', Paragraphs(cell)))]));
        else
            foreach (string paragraph in Paragraphs(shape))
                document.Paragraph(paragraph);
    }

    private static void Notes(XElement notes, DocumentBuilder document)
    {
        if (notes.Child("cSld")?.Child("spTree") is { } tree)
            foreach (XElement shape in Shapes(tree).Where(shape => PlaceholderOf(shape) == "body"))
                document.Note(string.Join('\n', Paragraphs(shape)));
    }

    // Shapes in the order of the tree, which is the order in which screen readers speak them; groups are opened.
    private static IEnumerable<XElement> Shapes(XElement tree)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (XElement element in tree.Elements())
        {
            if (element.Name.LocalName is "sp" or "graphicFrame" or "cxnSp")
            {
                if (!IsHidden(element))
                    yield return element;
            }
            else if (element.Name.LocalName == "grpSp" || (element.Name.LocalName == "AlternateContent" && WordRuns.Alternative(element) is not null))
            {
                foreach (XElement inner in Shapes(element.Name.LocalName == "grpSp" ? element : WordRuns.Alternative(element)!))
                    yield return inner;
            }
        }
    }

    private static bool IsHidden(XElement shape) =>
        shape.Elements().FirstOrDefault(element => element.Name.LocalName.StartsWith("nv", StringComparison.Ordinal))?.Child("cNvPr")?.Get("hidden") is "1" or "true";

    private static string? PlaceholderOf(XElement shape) =>
        shape.Child("nvSpPr")?.Child("nvPr")?.Child("ph") is { } placeholder ? placeholder.Get("type") ?? "obj" : null;

    private static IEnumerable<string> Paragraphs(XElement shape)
    {
        foreach (XElement paragraph in shape.Descendants().Where(element => element.Name.LocalName == "p"))
        {
            StringBuilder text = new();
            foreach (XElement run in paragraph.Descendants())
                if (run.Name.LocalName == "t")
                    text.Append(run.Value);
                else if (run.Name.LocalName is "br")
                    text.Append('\n');
                else if (run.Name.LocalName is "tab" && run.Parent?.Name.LocalName == "r")
                    text.Append('\t');
            if (!string.IsNullOrWhiteSpace(text.ToString()))
                yield return text.ToString();
        }
    }
}
