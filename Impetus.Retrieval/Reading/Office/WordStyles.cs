using System.Globalization;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>What a paragraph is by its style and the styles that it is based on: heading of which level, item of a list.</summary>
internal sealed class WordStyles
{
    private const int MaxDepth = 20;

    private readonly Dictionary<string, XElement> _styles = new(StringComparer.Ordinal);

    public WordStyles(XElement? styles)
    {
        foreach (XElement style in styles?.Elements().Where(element => element.Name.LocalName == "style") ?? [])
            if (style.Get("styleId") is { } id)
                _styles[id] = style;
    }

    /// <summary>The level from 1, or null for body text. A title counts as a heading of level 1.</summary>
    public int? HeadingLevel(XElement? properties)
    {
        if (properties is null)
            return null;
        if (Level(properties) is { } own)
            return own <= 9 ? own : null;
        foreach (XElement style in Chain(properties))
        {
            if (style.Child("pPr") is { } inherited && Level(inherited) is { } level)
                return level <= 9 ? level : null;
            string name = style.Child("name")?.Get("val")?.ToLowerInvariant() ?? "";
            if (name == "title")
                return 1;
            if (name.StartsWith("heading ", StringComparison.Ordinal) && int.TryParse(name.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 9)
                return number;
        }
        return null;
    }

    public bool IsListItem(XElement? properties) =>
        properties is not null && (IsNumbered(properties) ?? Chain(properties).Select(style => IsNumbered(style.Child("pPr"))).FirstOrDefault(found => found is not null) ?? false);

    private static bool? IsNumbered(XElement? properties) => properties?.Child("numPr")?.Child("numId")?.Get("val") is { } id ? id != "0" : null;

    // 0 to 8 are levels, 9 is body text.
    private static int? Level(XElement properties) =>
        int.TryParse(properties.Child("outlineLvl")?.Get("val"), NumberStyles.None, CultureInfo.InvariantCulture, out int level) ? level + 1 : null;

    private IEnumerable<XElement> Chain(XElement properties)
    {
        string? id = properties.Child("pStyle")?.Get("val");
        for (int depth = 0; depth < MaxDepth && id is not null; depth++)
        {
            if (!_styles.TryGetValue(id, out XElement? style))
                yield break;
            yield return style;
            id = style.Child("basedOn")?.Get("val");
        }
    }
}
