using System.Xml;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading;

/// <summary>The one way in which readers open XML: no document type definition, no entity, no address is ever followed.</summary>
internal static class SafeXml
{
    // Deeper than any document is.
    private const int MaxDepth = 500;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
        CheckCharacters = false,
    };

    public static XmlReader Open(Stream stream) => XmlReader.Create(stream, Settings);

    public static XmlReader Open(TextReader text) => XmlReader.Create(text, Settings);

    /// <exception cref="ReadException">The part is not well-formed, has a document type definition, or is nested too deeply.</exception>
    public static XElement Load(byte[] part, string what) => Guard(what, () =>
    {
        // A tree takes time that grows with the square of its depth; looking first costs one pass.
        using (XmlReader scan = Open(new MemoryStream(part, writable: false)))
            while (scan.Read())
                if (scan.Depth > MaxDepth)
                    throw ReadException.Damaged($"{what} is nested more than {MaxDepth} levels deep");
        using XmlReader reader = Open(new MemoryStream(part, writable: false));
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    });

    /// <summary>The local name of the part's root element.</summary>
    public static string RootName(byte[] part, string what) => Guard(what, () =>
    {
        using XmlReader reader = Open(new MemoryStream(part, writable: false));
        reader.MoveToContent();
        return reader.LocalName;
    });

    /// <summary>Runs what reads XML, and says its faults in our words.</summary>
    public static T Guard<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException fault) when (IsDefinition(fault))
        {
            throw ReadException.UnsafeXml();
        }
        catch (XmlException fault)
        {
            throw ReadException.Damaged($"{what} is not well-formed XML (line {fault.LineNumber})", fault);
        }
    }

    // The framework has one exception type for all faults; a prohibited definition is known only by what it talks of.
    private static bool IsDefinition(XmlException fault) => fault.Message.Contains("DTD", StringComparison.Ordinal);
}
