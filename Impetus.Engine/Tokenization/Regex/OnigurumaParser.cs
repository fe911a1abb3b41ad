using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>
/// Parses Oniguruma's Ruby syntax (its doc/RE) over code points. Back-references, conditionals, subexpression calls, \G, \K and
/// free spacing are refused.
/// </summary>
internal sealed partial class OnigurumaParser
{
    private const int MaxLength = 16_384;
    private const int MaxNesting = 100;
    private const int MaxRepeat = 100_000;

    private readonly int[] _pattern;
    private int _at;
    private int _nesting;
    private Options _options;

    private OnigurumaParser(string pattern) => _pattern = [.. pattern.EnumerateRunes().Select(r => r.Value)];

    [Flags]
    private enum Options
    {
        None = 0,
        IgnoreCase = 1,
        DotMatchesNewline = 2,
    }

    private bool AtEnd => _at == _pattern.Length;

    private bool IgnoreCase => _options.HasFlag(Options.IgnoreCase);

    /// <exception cref="OnigurumaSyntaxException">The pattern is malformed or refused.</exception>
    public static RegexNode Parse(string pattern)
    {
        if (pattern.Length > MaxLength)
            throw new OnigurumaSyntaxException($"a pattern longer than {MaxLength} characters");
        var parser = new OnigurumaParser(pattern);
        var node = parser.ParseAlternation();
        return parser.AtEnd ? node : throw parser.Fault("')' without '('");
    }

    private RegexNode ParseAlternation()
    {
        if (++_nesting > MaxNesting)
            throw Fault($"groups nested deeper than {MaxNesting}");
        var branches = new List<RegexNode> { ParseSequence() };
        while (Take('|'))
            branches.Add(ParseSequence());
        _nesting--;
        return branches.Count == 1 ? branches[0] : new RegexNode.Alternation(branches);
    }

    private RegexNode ParseSequence()
    {
        var items = new List<RegexNode>();
        var literals = new List<int>();
        while (!AtEnd && _pattern[_at] is not ('|' or ')'))
        {
            // Under (?i) a run of letters can equal one character (ss and ß), so runs are kept until their end is known.
            if (IgnoreCase && TryLiteral() is { } literal)
            {
                if (!PeekQuantifier())
                {
                    literals.Add(literal);
                    continue;
                }
                FlushLiterals(literals, items);
                literals.Add(literal);
                var single = new List<RegexNode>();
                FlushLiterals(literals, single);
                items.Add(ParseQuantifiers(single.Count == 1 ? single[0] : new RegexNode.Sequence(single)));
                continue;
            }
            FlushLiterals(literals, items);
            if (ParseAtom() is { } atom)
                items.Add(ParseQuantifiers(atom));
        }
        FlushLiterals(literals, items);
        return items.Count == 1 ? items[0] : new RegexNode.Sequence(items);
    }

    private static void FlushLiterals(List<int> literals, List<RegexNode> items)
    {
        if (literals.Count > 0)
            items.AddRange(CaseInsensitive.Literal([.. literals]));
        literals.Clear();
    }

    /// <summary>A plain or escaped literal at the cursor, consumed; null when something else stands there.</summary>
    private int? TryLiteral()
    {
        int c = _pattern[_at];
        if (c == '\\')
        {
            int start = _at++;
            if (!AtEnd && EscapedLiteral() is { } escaped)
                return escaped;
            _at = start;
            return null;
        }
        if (c is '.' or '^' or '$' or '[' or '(' or '?' or '*' or '+' || (c == '{' && PeekInterval()))
            return null;
        _at++;
        return c;
    }

    private RegexNode? ParseAtom()
    {
        int c = _pattern[_at];
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                _at++;
                return SetNode(ParseClass());
            case '.':
                _at++;
                return new RegexNode.Set(_options.HasFlag(Options.DotMatchesNewline)
                    ? CodePointSet.All
                    : CodePointSet.Of('\n').Complement());
            case '^':
                _at++;
                return new RegexNode.Assert(Assertion.LineStart);
            case '$':
                _at++;
                return new RegexNode.Assert(Assertion.LineEnd);
            case '?' or '*' or '+':
                throw Fault("a quantifier without a target");
            case '\\':
                return ParseEscape();
            default:
                if (c == '{' && PeekInterval())
                    throw Fault("a quantifier without a target");
                _at++;
                return new RegexNode.Set(CodePointSet.Of(c));
        }
    }

    private RegexNode.Set SetNode(CodePointSet set) => new(IgnoreCase ? CaseFolding.Close(set) : set);

    private RegexNode? ParseGroup()
    {
        Expect('(');
        var outer = _options;
        if (!Take('?'))
            return Close(ParseAlternation(), outer);
        if (Take('#'))
        {
            while (!AtEnd && _pattern[_at] != ')')
                _at++;
            return Close(null, outer);
        }
        if (Take(':'))
            return Close(ParseAlternation(), outer);
        if (Take('='))
            return Close(new RegexNode.Look(ParseAlternation(), Behind: false, Negative: false), outer);
        if (Take('!'))
            return Close(new RegexNode.Look(ParseAlternation(), Behind: false, Negative: true), outer);
        if (Take('>'))
            return Close(new RegexNode.Atomic(ParseAlternation()), outer);
        if (Take('<'))
        {
            if (Take('='))
                return Close(new RegexNode.Look(ParseAlternation(), Behind: true, Negative: false), outer);
            if (Take('!'))
                return Close(new RegexNode.Look(ParseAlternation(), Behind: true, Negative: true), outer);
            ParseName('>');
            return Close(ParseAlternation(), outer);
        }
        ParseOptions();
        // An option without ':' reaches to the end of the enclosing group, alternatives included: a(?i)b|c is a(?i:b|c).
        if (Take(')'))
        {
            var rest = ParseAlternation();
            _options = outer;
            return rest;
        }
        if (!Take(':'))
            throw Fault("an unknown group");
        return Close(ParseAlternation(), outer);
    }

    private RegexNode? Close(RegexNode? node, Options outer)
    {
        if (!Take(')'))
            throw Fault("a group without ')'");
        _options = outer;
        return node;
    }

    private void ParseOptions()
    {
        bool on = true;
        while (!AtEnd && _pattern[_at] is not (':' or ')'))
        {
            var option = _pattern[_at] switch
            {
                '-' => Options.None,
                'i' => Options.IgnoreCase,
                'm' => Options.DotMatchesNewline,
                _ => throw Fault($"the group option '{Show(_pattern[_at])}'"),
            };
            if (_pattern[_at] == '-')
                on = false;
            _options = on ? _options | option : _options & ~option;
            _at++;
        }
    }

    private RegexNode ParseQuantifiers(RegexNode node)
    {
        while (!AtEnd)
        {
            int c = _pattern[_at];
            int min, max;
            bool interval = false;
            if (c is '?' or '*' or '+')
            {
                _at++;
                (min, max) = c switch { '?' => (0, 1), '*' => (0, RegexNode.Unbounded), _ => (1, RegexNode.Unbounded) };
            }
            else if (c == '{' && TryInterval(out min, out max))
            {
                interval = true;
            }
            else
            {
                return node;
            }
            var greed = Greed.Greedy;
            // In Ruby's syntax {n}? is an optional {n}, and {n,m}+ a repeated {n,m}: the loop then takes the mark as a quantifier.
            if (!(interval && min == max) && Take('?'))
                greed = Greed.Lazy;
            else if (!interval && Take('+'))
                greed = Greed.Possessive;
            node = new RegexNode.Repeat(node, min, max, greed);
        }
        return node;
    }

    private bool PeekQuantifier() => !AtEnd && (_pattern[_at] is '?' or '*' or '+' || (_pattern[_at] == '{' && PeekInterval()));

    private bool PeekInterval()
    {
        int start = _at;
        bool found = TryInterval(out _, out _);
        _at = start;
        return found;
    }

    /// <summary>Takes {n}, {n,}, {n,m} or {,m}; anything else in braces is literal.</summary>
    private bool TryInterval(out int min, out int max)
    {
        int start = _at;
        min = max = 0;
        if (!Take('{'))
            return false;
        int? low = Number();
        int? high = low;
        bool comma = Take(',');
        if (comma)
            high = Number();
        if ((low is null && high is null) || !Take('}'))
        {
            _at = start;
            return false;
        }
        min = low ?? 0;
        max = high ?? RegexNode.Unbounded;
        if (min > MaxRepeat || (max > MaxRepeat && max != RegexNode.Unbounded))
            throw Fault($"a repetition of more than {MaxRepeat}");
        if (min > max)
            throw Fault("an interval that runs backwards");
        return true;
    }

    private int? Number()
    {
        int start = _at, value = 0;
        while (!AtEnd && _pattern[_at] is >= '0' and <= '9' && _at - start < 7)
            value = value * 10 + _pattern[_at++] - '0';
        return _at == start ? null : value;
    }

    private string ParseName(int terminator)
    {
        var name = new StringBuilder();
        while (!AtEnd && _pattern[_at] != terminator)
            name.Append(Show(_pattern[_at++]));
        if (!Take(terminator) || name.Length == 0)
            throw Fault($"a name without '{Show(terminator)}'");
        return name.ToString();
    }

    private bool Take(int c)
    {
        if (AtEnd || _pattern[_at] != c)
            return false;
        _at++;
        return true;
    }

    private bool TakePair(int first, int second)
    {
        if (_at + 1 >= _pattern.Length || _pattern[_at] != first || _pattern[_at + 1] != second)
            return false;
        _at += 2;
        return true;
    }

    private void Expect(int c)
    {
        if (!Take(c))
            throw Fault($"'{Show(c)}' expected");
    }

    private static string Show(int codePoint) => char.ConvertFromUtf32(codePoint);

    private OnigurumaSyntaxException Fault(string what) => new($"{what} at character {_at}");
}
