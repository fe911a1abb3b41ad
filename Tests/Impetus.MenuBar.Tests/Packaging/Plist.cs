using System.Xml;
using System.Xml.Linq;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>Reads XML property lists: dictionaries, arrays, strings and booleans, which are all that ours hold.</summary>
internal static class Plist
{
    public static IReadOnlyDictionary<string, object> Read(string path)
    {
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var root = XDocument.Load(reader).Root!;
        Assert.Equal("plist", root.Name.LocalName);
        return Assert.IsAssignableFrom<IReadOnlyDictionary<string, object>>(Value(Assert.Single(root.Elements())));
    }

    private static object Value(XElement element) => element.Name.LocalName switch
    {
        "dict" => Dictionary(element),
        "array" => element.Elements().Select(Value).ToList(),
        "string" => element.Value,
        "true" => true,
        "false" => false,
        var other => throw new FormatException($"<{other}> is not read."),
    };

    private static Dictionary<string, object> Dictionary(XElement element)
    {
        var children = element.Elements().ToList();
        Assert.True(children.Count % 2 == 0, "A key lacks its value.");
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int i = 0; i < children.Count; i += 2)
        {
            Assert.Equal("key", children[i].Name.LocalName);
            values.Add(children[i].Value, Value(children[i + 1]));
        }

        return values;
    }
}
