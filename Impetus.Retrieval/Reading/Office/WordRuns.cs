using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>The text of a paragraph, cell or note from its runs, the text boxes anchored in it and the notes that it refers to.</summary>
internal sealed class WordRuns
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public List<XElement> TextBoxes { get; } = [];

    /// <summary><c>footnote</c> or <c>endnote</c> and the note's id.</summary>
    public List<string> NoteIds { get; } = [];

    public static WordRuns Of(XElement container)
    {
        WordRuns runs = new();
        runs.Walk(container);
        return runs;
    }

    public static string TextOf(XElement container) => Of(container).Text;

    /// <summary>The first form of an alternative content that has children; both forms say the same.</summary>
    public static XElement? Alternative(XElement element) =>
        element.Elements().FirstOrDefault(form => form.Name.LocalName is "Choice" or "Fallback" && form.HasElements);

    private void Walk(XElement container)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (XElement element in container.Elements())
            Element(element);
    }

    private void Element(XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "t":
                _text.Append(element.Value);
                break;
            case "tab" or "ptab" when element.Parent?.Name.LocalName == "r":
                _text.Append('\t');
                break;
            case "br" or "cr":
                _text.Append('\n');
                break;
            case "noBreakHyphen":
                _text.Append('-');
                break;
            case "footnoteReference" or "endnoteReference":
                NoteIds.Add(element.Name.LocalName[..^"Reference".Length] + element.Get("id"));
                break;
            case "r":
                bool hidden = element.Child("rPr") is { } format && format.Child("vanish").IsOn();
                if (!hidden)
                    Walk(element);
                break;
            case "p":
                Walk(element);
                _text.Append('\n');
                break;
            case "tc":
                Walk(element);
                _text.Append('\t');
                break;
            case "AlternateContent":
                if (Alternative(element) is { } chosen)
                    Walk(chosen);
                break;
            case "txbxContent":
                TextBoxes.Add(element);
                break;
            case "ruby":
                if (element.Child("rubyBase") is { } ruled)
                    Walk(ruled);
                break;
            case "del" or "moveFrom" or "delText" or "instrText" or "delInstrText" or "pPr" or "rPr" or "tblPr" or "tcPr" or "trPr" or "sdtPr" or "annotationRef":
                break;
            default:
                // hyperlink, ins, moveTo, sdt, smartTag, fldSimple, dir, bdo, drawing, pict, formulas ...
                Walk(element);
                break;
        }
    }
}
