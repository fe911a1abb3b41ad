using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>
/// A regular expression in Oniguruma's dialect, which <c>tokenizer.json</c> files are written in. It counts code points, knows
/// the Unicode version of the reference, and is thread safe.
/// </summary>
internal sealed class OnigurumaRegex
{
    private readonly RegexProgram _program;
    private readonly CodePointSet? _first;

    /// <exception cref="OnigurumaSyntaxException">The pattern is malformed or refused.</exception>
    public OnigurumaRegex(string pattern)
    {
        var node = OnigurumaParser.Parse(pattern);
        _program = RegexProgram.Compile(node);
        _first = FirstSet.Of(node);
    }

    /// <summary>Adds all matches, left to right and not overlapping, as UTF-16 ranges.</summary>
    /// <exception cref="TokenizationException">The pattern takes too many steps on this text.</exception>
    public void FindMatches(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        var matcher = new RegexMatcher(_program, text);
        int position = 0, lastEnd = -1;
        while (position <= text.Length)
        {
            int width = position + 1 < text.Length && char.IsHighSurrogate(text[position]) ? 2 : 1;
            int end = CanStart(text, position) ? matcher.MatchAt(position) : -1;
            // An empty match right after another would never move on.
            if (end < 0 || (end == position && end == lastEnd))
            {
                position += width;
                continue;
            }
            matches.Add((position, end));
            position = lastEnd = end;
        }
    }

    private bool CanStart(ReadOnlySpan<char> text, int position)
    {
        if (_first is null)
            return true;
        if (position >= text.Length)
            return false;
        char c = text[position];
        return char.IsHighSurrogate(c) && position + 1 < text.Length
            ? _first.Contains(char.ConvertToUtf32(c, text[position + 1]))
            : _first.Contains(c);
    }
}
