using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>What follows a backslash: anchors, sets, and characters by their number.</summary>
internal sealed partial class OnigurumaParser
{
    private RegexNode ParseEscape()
    {
        _at++;
        if (AtEnd)
            throw Fault("a backslash at the end");
        if (EscapedSet() is { } set)
            return SetNode(set);
        int c = _pattern[_at];
        RegexNode? node = c switch
        {
            'A' => new RegexNode.Assert(Assertion.TextStart),
            'z' => new RegexNode.Assert(Assertion.TextEnd),
            'Z' => new RegexNode.Assert(Assertion.TextEndOrFinalNewline),
            'b' => new RegexNode.Assert(Assertion.WordBoundary),
            'B' => new RegexNode.Assert(Assertion.NotWordBoundary),
            'R' => LineBreak,
            'X' => new RegexNode.Grapheme(),
            'N' => new RegexNode.Set(CodePointSet.Of('\n').Complement()),
            'O' => new RegexNode.Set(CodePointSet.All),
            _ => null,
        };
        if (node is not null)
        {
            _at++;
            return node;
        }
        return EscapedLiteral() is { } literal
            ? new RegexNode.Set(CodePointSet.Of(literal))
            : throw Fault($"the escape \\{Show(c)}");
    }

    private static RegexNode LineBreak { get; } = new RegexNode.Atomic(new RegexNode.Alternation(
    [
        new RegexNode.Sequence([new RegexNode.Set(CodePointSet.Of('\r')), new RegexNode.Set(CodePointSet.Of('\n'))]),
        new RegexNode.Set(CodePointSet.Range('\n', '\r').Union(CodePointSet.Of(0x85, 0x2028, 0x2029))),
    ]));

    /// <summary>A class escape whose letter is at the cursor (\d, \p{…}); consumed when there is one.</summary>
    private CodePointSet? EscapedSet()
    {
        int c = _pattern[_at];
        if (c is 'p' or 'P')
        {
            _at++;
            if (!Take('{'))
                throw Fault("\\p without a name in braces");
            bool negative = c == 'P' ^ Take('^');
            string name = ParseName('}');
            var set = CharacterProperties.Find(name) ?? throw Fault($"the unknown property \\p{{{name}}}");
            return negative ? set.Complement() : set;
        }
        var shorthand = c switch
        {
            'd' or 'D' => UnicodeData.Set("Nd"),
            's' or 'S' => UnicodeData.Whitespace,
            'w' or 'W' => UnicodeData.Word,
            'h' or 'H' => CharacterProperties.HexDigits,
            _ => null,
        };
        if (shorthand is null)
            return null;
        _at++;
        return c < 'a' ? shorthand.Complement() : shorthand;
    }

    /// <summary>The code point of an escape whose letter is at the cursor; null and nothing consumed when it is not a literal.</summary>
    private int? EscapedLiteral()
    {
        int c = _pattern[_at];
        switch (c)
        {
            case 't' or 'n' or 'r' or 'f' or 'v' or 'a' or 'e':
                _at++;
                return c switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', 'v' => '\v', 'a' => '\a', _ => 0x1B };
            case 'x':
                _at++;
                if (!Take('{'))
                    return HexNumber(0, 2);
                int value = HexNumber(1, 8);
                return Take('}') ? value : throw Fault("\\x{ without '}'");
            case 'u':
                _at++;
                return HexNumber(4, 4);
            case '0':
                int octal = 0;
                for (int digits = 0; digits < 3 && !AtEnd && _pattern[_at] is >= '0' and <= '7'; digits++)
                    octal = octal * 8 + _pattern[_at++] - '0';
                return octal;
            case (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '1' and <= '9'):
                return null;
            default:
                _at++;
                return c;
        }
    }

    private int HexNumber(int least, int most)
    {
        int start = _at;
        long value = 0;
        while (!AtEnd && _at - start < most && CharacterProperties.HexDigits.Contains(_pattern[_at]))
            value = value * 16 + int.Parse(Show(_pattern[_at++]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return _at - start >= least && Rune.IsValid((int)Math.Min(value, int.MaxValue))
            ? (int)value
            : throw Fault("a malformed hexadecimal escape");
    }
}
