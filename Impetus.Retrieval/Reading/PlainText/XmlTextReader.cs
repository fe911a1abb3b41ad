using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>
/// Any other XML: the text of its elements in order, a line each, and attributes as <c>name: value</c>. An element amid text belongs to that
/// text's line. The children of the root are the blocks.
/// </summary>
internal static partial class XmlTextReader
{
    private const int BlockCharacters = 1000;

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        Encoding? declared = Declaration().Match(Encoding.Latin1.GetString(file.Bytes[..Math.Min(200, file.Bytes.Length)])) is { Success: true } match
            ? Named(match.Groups[1].Value)
            : null;
        string text = TextDecoder.DecodeInto(document, file.Bytes, declared);
        SafeXml.Guard("the file", () =>
        {
            using XmlReader reader = SafeXml.Open(new StringReader(text.TrimStart('\uFEFF')));
            Walk(reader, document, file.Budget);
            return true;
        });
    }

    private static void Walk(XmlReader reader, DocumentBuilder document, ReadingBudget budget)
    {
        StringBuilder line = new();
        List<string> block = [];
        Stack<bool> amidText = [];
        int blockLength = 0;
        while (reader.Read())
        {
            budget.Check();
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    bool inline = !string.IsNullOrWhiteSpace(line.ToString());
                    bool empty = reader.IsEmptyElement;
                    if (!inline)
                        Attributes(reader, Add);
                    if (!empty)
                        amidText.Push(inline);
                    break;
                case XmlNodeType.EndElement:
                    if (!amidText.Pop())
                        EndLine();
                    if (reader.Depth <= 1)
                        EndBlock();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    line.Append(reader.Value);
                    break;
            }
        }
        EndBlock();

        void EndLine()
        {
            Add(line.ToString());
            line.Clear();
            if (blockLength > BlockCharacters)
                EndBlock();
        }

        void Add(string text)
        {
            string clean = Prose.OneLine(text);
            if (clean.Length == 0)
                return;
            block.Add(clean);
            blockLength += clean.Length;
        }

        void EndBlock()
        {
            Add(line.ToString());
            line.Clear();
            document.Paragraph(string.Join('\n', block));
            block.Clear();
            blockLength = 0;
        }
    }

    private static void Attributes(XmlReader reader, Action<string> add)
    {
        while (reader.MoveToNextAttribute())
            if (reader.Prefix.Length == 0 && reader.LocalName is not ("id" or "xmlns" or "class" or "style"))
                add($"{reader.LocalName}: {reader.Value}");
        reader.MoveToElement();
    }

    private static Encoding? Named(string label)
    {
        try
        {
            return Encoding.GetEncoding(label);
        }
        catch (ArgumentException)
        {
            return TextDecoder.FromLabel(label);
        }
    }

    [GeneratedRegex("""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")]
    private static partial Regex Declaration();
}
