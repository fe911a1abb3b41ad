using System.Text;
using System.Text.RegularExpressions;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Joins the lines of a paragraph. A hyphen at a line's end is either the line's or the word's; the rest of the document decides: where it
/// has the word whole, or with its hyphen, that is how it is written. Otherwise a hyphen before a small letter is the line's.
/// </summary>
internal sealed partial class Hyphenation
{
    // Typesetters that break words write U+2010 or a soft hyphen, and leave the keyboard's hyphen to words that own one.
    private const char Hyphen = '\u2010';
    private const char SoftHyphen = '\u00AD';

    private readonly HashSet<string> _words = new(StringComparer.OrdinalIgnoreCase);
    private bool _breaksWithHyphen;

    /// <summary>Learns the words of a line that another one may break.</summary>
    public void Learn(string line)
    {
        _breaksWithHyphen |= line[^1] is Hyphen or SoftHyphen;
        int end = line[^1] is '-' or Hyphen or SoftHyphen ? line.Length - 1 : line.Length + 1;
        foreach (ValueMatch match in Words().EnumerateMatches(line))
            if (match.Index + match.Length != end)
                _words.Add(line.Substring(match.Index, match.Length).Replace(Hyphen, '-'));
    }

    public string Join(IEnumerable<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            if (text.Length > 0)
                Append(text, line);
            else
                text.Append(line);
        }
        return text.ToString();
    }

    private void Append(StringBuilder text, string line)
    {
        char last = text[^1];
        if (last is '-' or Hyphen or SoftHyphen && text.Length > 1 && char.IsLetter(text[^2]))
        {
            bool isOfLine = IsOfLine(text, line);
            text.Length--;
            if (!isOfLine)
                text.Append('-');
            text.Append(line);
            return;
        }
        // Scripts without spaces break their lines anywhere.
        if (last is '-' or '–' or '/' && text.Length > 1 && char.IsDigit(text[^2]) && char.IsDigit(line[0]))
            text.Append(line);
        else if (FragmentBuilder.IsIdeograph(last) && FragmentBuilder.IsIdeograph(line[0]))
            text.Append(line);
        else
            text.Append(' ').Append(line);
    }

    private bool IsOfLine(StringBuilder text, string line)
    {
        if (!char.IsLower(line[0]))
            return false;
        int start = text.Length - 1;
        while (start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] is '-' or '\''))
            start--;
        string head = text.ToString(start, text.Length - 1 - start);
        string tail = line[..line.TakeWhile(char.IsLetter).Count()];
        if (_words.Contains(head + tail))
            return true;
        if (_words.Contains(head + "-" + tail))
            return false;
        if (CompoundNumber().IsMatch(head + "-" + tail))
            return false;
        return text[^1] is Hyphen or SoftHyphen || !_breaksWithHyphen;
    }

    // English spells these with a hyphen always, and few documents have one of them twice.
    [GeneratedRegex("^(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(one|two|three|four|five|six|seven|eight|nine)$", RegexOptions.IgnoreCase)]
    private static partial Regex CompoundNumber();

    [GeneratedRegex(@"\p{L}+(?:[-\u2010']\p{L}+)*")]
    private static partial Regex Words();
}
