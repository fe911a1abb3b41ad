using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>Character classes in brackets, nested and intersected, with POSIX names.</summary>
internal sealed partial class OnigurumaParser
{
    /// <summary>A character class whose '[' has been taken; negation is applied after case folding, as the reference does.</summary>
    private CodePointSet ParseClass()
    {
        if (++_nesting > MaxNesting)
            throw Fault($"classes nested deeper than {MaxNesting}");
        bool negative = Take('^');
        CodePointSet? intersection = null;
        var union = CodePointSet.Empty;
        bool first = true;
        while (true)
        {
            if (AtEnd)
                throw Fault("a class without ']'");
            if (_pattern[_at] == ']' && !first)
                break;
            first = false;
            if (TakePair('&', '&'))
            {
                intersection = intersection?.Intersect(union) ?? union;
                union = CodePointSet.Empty;
                continue;
            }
            union = union.Union(ParseClassItem());
        }
        _at++;
        _nesting--;
        var members = intersection?.Intersect(union) ?? union;
        if (IgnoreCase)
            members = CaseFolding.Close(members);
        return negative ? members.Complement() : members;
    }

    private CodePointSet ParseClassItem()
    {
        if (TakePair('[', ':'))
            return ParsePosixClass();
        if (Take('['))
            return ParseClass();
        if (_pattern[_at] == '\\' && _at + 1 < _pattern.Length)
        {
            _at++;
            if (EscapedSet() is { } set)
                return set;
            _at--;
        }
        int low = ParseClassLiteral();
        if (_at + 1 >= _pattern.Length || _pattern[_at] != '-' || _pattern[_at + 1] is ']' or '[')
            return CodePointSet.Of(low);
        int dash = _at++;
        if (_pattern[_at] == '\\' && _at + 1 < _pattern.Length && _pattern[_at + 1] is 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 'h' or 'H' or 'p' or 'P')
        {
            // The end of a range that is itself a class makes the hyphen literal.
            _at = dash;
            return CodePointSet.Of(low);
        }
        int high = ParseClassLiteral();
        return low <= high ? CodePointSet.Range(low, high) : throw Fault("a range that runs backwards");
    }

    private int ParseClassLiteral()
    {
        int c = _pattern[_at++];
        if (c != '\\')
            return c;
        if (AtEnd)
            throw Fault("a backslash at the end");
        if (Take('b'))
            return '\b';
        return EscapedLiteral() ?? throw Fault($"the escape \\{Show(_pattern[_at])} in a class");
    }

    private CodePointSet ParsePosixClass()
    {
        bool negative = Take('^');
        int start = _at;
        while (!AtEnd && _pattern[_at] is >= 'a' and <= 'z')
            _at++;
        string name = string.Concat(_pattern[start.._at].Select(c => (char)c));
        if (!TakePair(':', ']') || name is not ("alpha" or "digit" or "alnum" or "upper" or "lower" or "space" or "punct" or "cntrl" or "xdigit" or "word" or "blank" or "ascii"))
            throw Fault($"the unknown class [:{name}:]");
        var set = CharacterProperties.Find(name)!;
        return negative ? set.Complement() : set;
    }
}
