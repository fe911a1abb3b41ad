using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The methods of Python's <c>str</c>. Those of markup return markup and escape the texts that they put in.</summary>
internal static class StringMethods
{
    private static readonly MethodTable Methods = new(
        // Case
        new("capitalize(self, /)", static (e, a) => Map(e, a, UnicodeCase.Capitalize)),
        new("casefold(self, /)", static (e, a) => Map(e, a, UnicodeCase.Fold)),
        new("lower(self, /)", static (e, a) => Map(e, a, UnicodeCase.Lower)),
        new("upper(self, /)", static (e, a) => Map(e, a, UnicodeCase.Upper)),
        new("title(self, /)", static (e, a) => Map(e, a, UnicodeCase.Title)),
        new("swapcase(self, /)", static (e, a) => Map(e, a, UnicodeCase.SwapCase)),

        // Classes of characters
        new("isalnum(self, /)", static (e, a) => All(e, a, static c => UnicodeCase.IsAlpha(c) || UnicodeCase.IsNumeric(c))),
        new("isalpha(self, /)", static (e, a) => All(e, a, UnicodeCase.IsAlpha)),
        new("isascii(self, /)", static (_, a) => BoolValue.Of(System.Text.Ascii.IsValid(Self(a).Text))),
        new("isdecimal(self, /)", static (e, a) => All(e, a, UnicodeCase.IsDecimal)),
        new("isdigit(self, /)", static (e, a) => All(e, a, UnicodeCase.IsDigit)),
        new("isidentifier(self, /)", static (e, a) => Is(e, a, Identifier.IsValid)),
        new("islower(self, /)", static (e, a) => Is(e, a, CaseTests.IsLower)),
        new("isnumeric(self, /)", static (e, a) => All(e, a, UnicodeCase.IsNumeric)),
        new("isprintable(self, /)", static (e, a) => Is(e, a, static text => PythonText.Characters(text).All(UnicodeCase.IsPrintable))),
        new("isspace(self, /)", static (e, a) => All(e, a, static c => PythonText.IsSpace(c[0]))),
        new("istitle(self, /)", static (e, a) => Is(e, a, CaseTests.IsTitle)),
        new("isupper(self, /)", static (e, a) => Is(e, a, CaseTests.IsUpper)),

        // Search
        new("count(self, part, start?, end?, /)", static (e, a) => Count(e, a)),
        new("find(self, part, start?, end?, /)", static (e, a) => Find(e, a, fromEnd: false, mustExist: false)),
        new("index(self, part, start?, end?, /)", static (e, a) => Find(e, a, fromEnd: false, mustExist: true)),
        new("rfind(self, part, start?, end?, /)", static (e, a) => Find(e, a, fromEnd: true, mustExist: false)),
        new("rindex(self, part, start?, end?, /)", static (e, a) => Find(e, a, fromEnd: true, mustExist: true)),
        new("startswith(self, prefix, start?, end?, /)", static (e, a) => HasAffix(e, a, static (text, affix) => text.StartsWith(affix))),
        new("endswith(self, suffix, start?, end?, /)", static (e, a) => HasAffix(e, a, static (text, affix) => text.EndsWith(affix))),

        // Taking off and apart
        new("strip(self, chars?, /)", static (_, a) => Strip(a, start: true, end: true)),
        new("lstrip(self, chars?, /)", static (_, a) => Strip(a, start: true, end: false)),
        new("rstrip(self, chars?, /)", static (_, a) => Strip(a, start: false, end: true)),
        new("removeprefix(self, prefix, /)", static (_, a) => Self(a).With(
            Self(a).Text.StartsWith(a.Text(1), StringComparison.Ordinal) ? Self(a).Text[a.Text(1).Length..] : Self(a).Text)),
        new("removesuffix(self, suffix, /)", static (_, a) => Self(a).With(
            Self(a).Text.EndsWith(a.Text(1), StringComparison.Ordinal) ? Self(a).Text[..^a.Text(1).Length] : Self(a).Text)),
        new("split(self, sep?, maxsplit?)", static (e, a) => Splitting.Split(Self(a), a, e, fromEnd: false)),
        new("rsplit(self, sep?, maxsplit?)", static (e, a) => Splitting.Split(Self(a), a, e, fromEnd: true)),
        new("splitlines(self, keepends?)", static (e, a) => Splitting.Pieces(Self(a), PythonText.SplitLines(Self(a).Text, a.Flag(1)), e)),
        new("partition(self, sep, /)", static (_, a) => Splitting.Partition(Self(a), a.Text(1), fromEnd: false)),
        new("rpartition(self, sep, /)", static (_, a) => Splitting.Partition(Self(a), a.Text(1), fromEnd: true)),

        // Putting together
        new("join(self, iterable, /)", static (e, a) => Join(e, a)),
        new("replace(self, old, new, count?, /)", static (e, a) => Self(a).With(
            Replace(Self(a).Text, a.Text(1), Inserted(e, a, 2), a.Integer(3, -1), e.Budget))),
        new("format(self, *args, **kwargs)", static (e, a) => Format(e, a)),
        new("format_map(self, mapping, /)", static (e, a) => StrFormat.Apply(
            Self(a), [], name => a[1].Item(new StringValue(name), e.Budget), e)),
        new("encode(self, encoding?, errors?)", static (e, a) => BytesMethods.Encode(Self(a).Text, a)),
        new("translate(self, table, /)", static (e, a) => Translate(e, a)),

        // Widths
        new("center(self, width, fillchar?, /)", static (e, a) => Padding.Center(Self(a), a, Inserted(e, a, 2, " "), e.Budget)),
        new("ljust(self, width, fillchar?, /)", static (e, a) => Padding.Left(Self(a), a, Inserted(e, a, 2, " "), e.Budget)),
        new("rjust(self, width, fillchar?, /)", static (e, a) => Padding.Right(Self(a), a, Inserted(e, a, 2, " "), e.Budget)),
        new("zfill(self, width, /)", static (e, a) => Padding.Zeros(Self(a), a.Integer(1), e.Budget)),
        new("expandtabs(self, tabsize?)", static (e, a) => Padding.ExpandTabs(Self(a), a.Integer(1, 8), e.Budget)));

    private static readonly MethodTable OfMarkup = new(
        new("unescape(self)", static (_, a) => new StringValue(System.Net.WebUtility.HtmlDecode(Self(a).Text))),
        new("striptags(self)", static (_, a) => new StringValue(Html.StripTags(Self(a).Text))),
        new("escape(self, value)", static (e, a) => e.Escape(a[1])));

    public static TemplateValue? Find(StringValue owner, string name) =>
        (owner.IsMarkup ? OfMarkup.Find(owner, name) : null) ?? Methods.Find(owner, name);

    /// <summary><c>str.replace</c>; a negative count replaces all.</summary>
    public static string Replace(string text, string old, string replacement, int count, Budget budget)
    {
        if (old.Length == 0)
        {
            long insertions = count < 0 ? text.Length + 1L : Math.Min(count, text.Length + 1L);
            budget.ChargeText(text.Length + insertions * replacement.Length);
            return TextSearch.Interleave(text, replacement, count);
        }

        List<int> found = TextSearch.Occurrences(text, old, count);
        budget.ChargeText(text.Length + (long)found.Count * (replacement.Length - old.Length));
        return found.Count == 0 ? text : string.Join(replacement, TextSearch.Between(text, found, old.Length));
    }

    private static StringValue Self(BoundArguments arguments) => (StringValue)arguments[0];

    private static StringValue Map(Evaluator evaluator, BoundArguments arguments, Func<string, string> map)
    {
        evaluator.Budget.ChargeCharacters(Self(arguments).Text.Length);
        return Self(arguments).With(map(Self(arguments).Text));
    }

    private static BoolValue All(Evaluator evaluator, BoundArguments arguments, Func<string, bool> test) =>
        Is(evaluator, arguments, text => text.Length > 0 && PythonText.Characters(text).All(test));

    private static BoolValue Is(Evaluator evaluator, BoundArguments arguments, Func<string, bool> test)
    {
        evaluator.Budget.ChargeCharacters(Self(arguments).Text.Length);
        return BoolValue.Of(test(Self(arguments).Text));
    }

    /// <summary>A text that is put into another; markup escapes it.</summary>
    private static string Inserted(Evaluator evaluator, BoundArguments arguments, int index, string fallback = "") =>
        arguments.Optional(index) is not { } value ? fallback
        : Self(arguments).IsMarkup ? evaluator.Escape(value).Text
        : arguments.Text(index);

    /// <summary>The stretch that optional start and end arguments leave, and its index in code points; null if start is behind it.</summary>
    private static (string Text, int Start)? Stretch(BoundArguments arguments, int at, Budget budget)
    {
        StringValue self = Self(arguments);
        if (arguments.Optional(at) is null && arguments.Optional(at + 1) is null)
            return (self.Text, 0);

        int length = self.Length(budget)!.Value;
        TemplateValue from = arguments.Optional(at) ?? TemplateValue.None;
        if (from is NumberValue { Integer: { } start } && start > length)
            return null;

        SliceValue slice = new(from, arguments.Optional(at + 1) ?? TemplateValue.None, TemplateValue.None);
        return (((StringValue)self.Slice(slice, budget)).Text, slice.Resolve(length).Start);
    }

    private static TemplateValue Find(Evaluator evaluator, BoundArguments arguments, bool fromEnd, bool mustExist)
    {
        string part = arguments.Text(1);
        int at = -1, start = 0;
        if (Stretch(arguments, 2, evaluator.Budget) is { } stretch)
        {
            start = stretch.Start;
            at = fromEnd ? TextSearch.LastIndexOf(stretch.Text, part) : TextSearch.IndexOf(stretch.Text, part);
            at = at < 0 ? -1 : PythonText.Length(stretch.Text.AsSpan(0, at));
        }

        if (at < 0 && mustExist)
            throw Errors.Value("substring not found");
        return TemplateValue.From(at < 0 ? -1 : start + at);
    }

    private static TemplateValue Count(Evaluator evaluator, BoundArguments arguments)
    {
        string part = arguments.Text(1);
        if (Stretch(arguments, 2, evaluator.Budget) is not { } stretch)
            return TemplateValue.From(0);

        return TemplateValue.From(part.Length == 0 ? PythonText.Length(stretch.Text) + 1 : TextSearch.Occurrences(stretch.Text, part).Count);
    }

    private delegate bool AffixTest(ReadOnlySpan<char> text, ReadOnlySpan<char> affix);

    private static BoolValue HasAffix(Evaluator evaluator, BoundArguments arguments, AffixTest test)
    {
        IEnumerable<string> affixes = arguments[1] is TupleValue tuple
            ? tuple.Items.Select(static item => item is StringValue text ? text.Text : throw WrongAffix(item))
            : [arguments[1] is StringValue affix ? affix.Text : throw WrongAffix(arguments[1])];
        (string Text, int Start)? stretch = Stretch(arguments, 2, evaluator.Budget);
        return BoolValue.Of(affixes.ToList().Exists(affix => stretch is { } s && test(s.Text, affix)));
    }

    private static TemplateException WrongAffix(TemplateValue value) =>
        Errors.Type($"startswith or endswith first arg must be str or a tuple of str, not {value.TypeName}");

    private static StringValue Strip(BoundArguments arguments, bool start, bool end)
    {
        string text = Self(arguments).Text;
        return Self(arguments).With(arguments.OptionalNotNone(1) is null
            ? PythonText.Strip(text, start, end)
            : PythonText.Strip(text, arguments.Text(1), start, end));
    }

    private static StringValue Join(Evaluator evaluator, BoundArguments arguments)
    {
        StringValue self = Self(arguments);
        TextBuilder text = new(evaluator.Budget);
        int index = 0;
        bool isMarkup = self.IsMarkup;
        foreach (TemplateValue item in evaluator.Iterate(arguments[1]))
        {
            if (index > 0)
                text.Append(self.Text);
            text.Append(isMarkup ? evaluator.Escape(item).Text
                : item is StringValue part ? part.Text
                : throw Errors.Type($"sequence item {index}: expected str instance, {item.TypeName} found"));
            index++;
        }

        return self.With(text.ToString());
    }

    private static StringValue Format(Evaluator evaluator, BoundArguments arguments)
    {
        Dictionary<string, TemplateValue> named = arguments.Named
            .ToDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal);
        return StrFormat.Apply(Self(arguments), arguments.Rest, name => named.GetValueOrDefault(name), evaluator);
    }

    private static StringValue Translate(Evaluator evaluator, BoundArguments arguments)
    {
        TextBuilder text = new(evaluator.Budget);
        foreach (int point in PythonText.CodePoints(Self(arguments).Text))
        {
            evaluator.Budget.Step();
            text.Append(arguments[1].Item(TemplateValue.From(point), evaluator.Budget) switch
            {
                null => PythonText.FromCodePoint(point),
                NoneValue => "",
                StringValue replacement => replacement.Text,
                NumberValue { Integer: { } other } when other.Sign >= 0 && other <= 0x10FFFF => PythonText.FromCodePoint((int)other),
                _ => throw Errors.Type("character mapping must return integer, None or str"),
            });
        }

        return Self(arguments).With(text.ToString());
    }
}
