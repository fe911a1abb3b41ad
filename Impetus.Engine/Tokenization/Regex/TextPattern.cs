namespace Impetus.Engine.Tokenization.Regex;

/// <summary>What a component looks for: a plain string or a regular expression. Thread safe.</summary>
internal sealed class TextPattern
{
    private readonly string? _literal;
    private readonly OnigurumaRegex? _regex;

    private TextPattern(string? literal, OnigurumaRegex? regex)
    {
        _literal = literal;
        _regex = regex;
    }

    public static TextPattern FromRegex(string pattern) => new(null, new OnigurumaRegex(pattern));

    /// <summary>From {"String": …} or {"Regex": …}.</summary>
    public static TextPattern Load(ConfigNode config)
    {
        if (config.Element.ValueKind == System.Text.Json.JsonValueKind.Object && config["String"].StringOrNull() is { } literal)
            return new TextPattern(literal, null);
        if (config.Element.ValueKind != System.Text.Json.JsonValueKind.Object || config["Regex"].IsNull)
            throw config.Unexpected("an object with String or Regex");
        try
        {
            return FromRegex(config["Regex"].String());
        }
        catch (OnigurumaSyntaxException e)
        {
            throw config["Regex"].Fault($"is a pattern that this version does not know: {e.Message}, in {config["Regex"].String()}");
        }
    }

    /// <summary>All matches as UTF-16 ranges, left to right and not overlapping.</summary>
    public List<(int Start, int End)> FindMatches(ReadOnlySpan<char> text)
    {
        var matches = new List<(int Start, int End)>();
        if (_regex is not null)
        {
            // An empty text has no matches, not even empty ones: the reference does not look.
            if (!text.IsEmpty)
                _regex.FindMatches(text, matches);
            return matches;
        }
        for (int at = 0; _literal!.Length > 0 && text[at..].IndexOf(_literal, StringComparison.Ordinal) is var found and >= 0;)
        {
            matches.Add((at + found, at + found + _literal.Length));
            at += found + _literal.Length;
        }
        return matches;
    }
}
