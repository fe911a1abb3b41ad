namespace Impetus.Retrieval.Reading.Rtf;

/// <summary>Where the text of a group goes.</summary>
internal enum RtfDestination
{
    Body,
    Note,
    Running,
    Title,
    Author,
    StyleSheet,
    Fonts,
    Nothing,
}

/// <summary>What holds inside of a pair of braces; a group starts with what its parent had.</summary>
internal sealed class RtfGroup
{
    public RtfDestination Destination { get; set; }

    public int Font { get; set; }

    public bool IsHidden { get; set; }

    /// <summary>How many characters after a <c>\u</c> are its stand-in.</summary>
    public int FallbackCharacters { get; set; } = 1;

    /// <summary>0 to 8 for headings, else null.</summary>
    public int? OutlineLevel { get; set; }

    public bool InTable { get; set; }

    public int Style { get; set; }

    public string StyleName { get; set; } = "";

    public RtfGroup Inherit()
    {
        RtfGroup inner = (RtfGroup)MemberwiseClone();
        (inner.Style, inner.StyleName) = (0, "");
        return inner;
    }
}
