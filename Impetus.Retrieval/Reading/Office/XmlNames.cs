using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>Elements and attributes by local name: office formats have two or more namespaces for the same things.</summary>
internal static class XmlNames
{
    public static XElement? Child(this XElement element, string name)
    {
        foreach (XElement child in element.Elements())
            if (child.Name.LocalName == name)
                return child;
        return null;
    }

    public static string? Get(this XElement element, string name)
    {
        foreach (XAttribute attribute in element.Attributes())
            if (attribute.Name.LocalName == name)
                return attribute.Value;
        return null;
    }

    /// <summary>A property that is on when it is present, unless its value says no (ST_OnOff).</summary>
    public static bool IsOn(this XElement? element) => element is not null && element.Get("val") is not ("0" or "false" or "off" or "none");
}
