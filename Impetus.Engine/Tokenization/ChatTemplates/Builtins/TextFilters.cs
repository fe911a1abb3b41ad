using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Filters that make text of text. What is no text is turned into one first.</summary>
internal static class TextFilters
{
    private const int TruncateLeeway = 5;

    public static IReadOnlyDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(StringComparer.Ordinal)
    {
        ["capitalize"] = new("do_capitalize(s)", static (e, a) => Map(e, a, UnicodeCase.Capitalize)),
        ["lower"] = new("do_lower(s)", static (e, a) => Map(e, a, UnicodeCase.Lower)),
        ["upper"] = new("do_upper(s)", static (e, a) => Map(e, a, UnicodeCase.Upper)),
        ["title"] = new("do_title(s)", static (e, a) => new StringValue(Map(e, a, Title).Text)),
        ["center"] = new("do_center(value, width?)", static (e, a) => Padding.Center(e.ToText(a[0]), a.Integer(1, 80), " ", e.Budget)),
        ["format"] = new("do_format(value, *args, **kwargs)", static (e, a) => Format(e, a)),
        ["indent"] = new("do_indent(s, width?, first?, blank?)", static (e, a) => Indent(e, a)),
        ["pprint"] = new("do_pprint(value)", static (e, a) => new StringValue(PrettyPrinter.Format(a[0], e.Budget))),
        ["replace"] = new("do_replace(s, old, new, count?)", static (e, a) => Replace(e, a)),
        ["string"] = new("soft_str(s, /)", static (e, a) => e.ToText(a[0])),
        ["trim"] = new("do_trim(value, chars?)", static (e, a) => Trim(e.ToText(a[0]), a)),
        ["truncate"] = new("do_truncate(s, length?, killwords?, end?, leeway?)", static (e, a) => Truncate(e, a)),
        ["wordcount"] = new("do_wordcount(s)", static (e, a) => CountWords(e, a)),
        ["wordwrap"] = new("do_wordwrap(s, width?, break_long_words?, wrapstring?, break_on_hyphens?)", static (e, a) => WordWrap(e, a)),
    };

    private static StringValue Map(Evaluator evaluator, BoundArguments arguments, Func<string, string> map)
    {
        StringValue text = evaluator.ToText(arguments[0]);
        evaluator.Budget.ChargeCharacters(text.Text.Length);
        return text.With(map(text.Text));
    }

    /// <summary>Words begin after white space and after <c>- ( { [ &lt;</c>.</summary>
    private static string Title(string text)
    {
        System.Text.StringBuilder title = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int start = at;
            bool isSeparator = IsSeparator(text[at]);
            while (at < text.Length && IsSeparator(text[at]) == isSeparator)
                at++;
            int first = PythonText.UnitsAt(text, start);
            title.Append(UnicodeCase.Upper(text.Substring(start, first))).Append(UnicodeCase.Lower(text[(start + first)..at]));
        }

        return title.ToString();

        static bool IsSeparator(char c) => c is '-' or '(' or '{' or '[' or '<' || PythonText.IsSpace(c);
    }

    private static StringValue Format(Evaluator evaluator, BoundArguments arguments)
    {
        if (arguments.Rest.Count > 0 && arguments.Named.Count > 0)
            throw Errors.Runtime("can't handle positional and keyword arguments at the same time");

        TemplateValue values = arguments.Named.Count > 0
            ? new CallArguments([], arguments.Named).NamedAsDict()
            : new TupleValue(arguments.Rest);
        return PercentFormat.Apply(evaluator.ToText(arguments[0]), values, evaluator);
    }

    private static StringValue Indent(Evaluator evaluator, BoundArguments arguments)
    {
        if (arguments[0] is UndefinedValue undefined)
            throw undefined.Error();
        if (arguments[0] is not StringValue text)
            throw Errors.Type($"unsupported operand type(s) for +=: '{arguments[0].TypeName}' and 'str'");

        string indention = arguments.Optional(1) is StringValue given ? given.Text : Blanks(arguments.Integer(1, 4), evaluator.Budget);
        bool first = arguments.Flag(2), blank = arguments.Flag(3);
        TextBuilder result = new(evaluator.Budget);
        List<string> lines = PythonText.SplitLines(text.Text + "\n", keepEnds: false);
        for (int i = 0; i < lines.Count; i++)
        {
            evaluator.Budget.Step();
            if (i > 0)
                result.Append('\n');
            if (i == 0 ? first : blank || lines[i].Length > 0)
                result.Append(indention);
            result.Append(lines[i]);
        }

        return text.With(result.ToString());
    }

    private static string Blanks(int count, Budget budget)
    {
        count = Math.Max(count, 0);
        budget.ChargeText(count);
        return new string(' ', count);
    }

    private static StringValue Replace(Evaluator evaluator, BoundArguments arguments)
    {
        int count = arguments.OptionalNotNone(3) is null ? -1 : arguments.Integer(3);
        StringValue text = evaluator.ToText(arguments[0]), old = evaluator.ToText(arguments[1]), replacement = evaluator.ToText(arguments[2]);
        if (!evaluator.AutoEscapes)
            return new StringValue(StringMethods.Replace(text.Text, old.Text, replacement.Text, count, evaluator.Budget));

        if (old.IsMarkup || (replacement.IsMarkup && !text.IsMarkup))
            text = evaluator.Escape(text);
        string inserted = text.IsMarkup ? evaluator.Escape(replacement).Text : replacement.Text;
        return text.With(StringMethods.Replace(text.Text, old.Text, inserted, count, evaluator.Budget));
    }

    private static StringValue Trim(StringValue text, BoundArguments arguments) => text.With(arguments.OptionalNotNone(1) is null
        ? PythonText.Strip(text.Text, true, true)
        : PythonText.Strip(text.Text, arguments.Text(1), true, true));

    private static TemplateValue Truncate(Evaluator evaluator, BoundArguments arguments)
    {
        int length = arguments.Integer(1, 255);
        bool cutsWords = arguments.Flag(2);
        StringValue end = arguments.Optional(3) is null ? new StringValue("...") : new StringValue(arguments.Text(3));
        int leeway = arguments.OptionalNotNone(4) is null ? TruncateLeeway : arguments.Integer(4);
        int endLength = PythonText.Length(end.Text);
        if (length < endLength)
            throw Errors.Value($"expected length >= {endLength}, got {length}");
        if (leeway < 0)
            throw Errors.Value($"expected leeway >= 0, got {leeway}");

        if (arguments[0].Length(evaluator.Budget) is not { } count)
            throw Errors.Type($"object of type '{arguments[0].TypeName}' has no len()");
        if (count <= (long)length + leeway)
            return arguments[0];
        if (arguments[0] is not StringValue text)
            throw Errors.Type($"unsupported operand type(s) for +: '{arguments[0].TypeName}' and 'str'");

        string kept = text.Text[..PythonText.OffsetOf(text.Text, length - endLength)];
        int blank = cutsWords ? -1 : kept.LastIndexOf(' ');
        return Operators.Apply("+", text.With(blank < 0 ? kept : kept[..blank]), end, evaluator);
    }

    private static TemplateValue CountWords(Evaluator evaluator, BoundArguments arguments)
    {
        string text = evaluator.ToText(arguments[0]).Text;
        evaluator.Budget.ChargeCharacters(text.Length);
        int words = 0;
        bool inWord = false;
        foreach (string character in PythonText.Characters(text))
        {
            bool isWord = character == "_" || UnicodeCase.IsAlpha(character) || UnicodeCase.IsNumeric(character);
            words += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return TemplateValue.From(words);
    }

    private static StringValue WordWrap(Evaluator evaluator, BoundArguments arguments)
    {
        StringValue text = arguments[0] as StringValue ?? throw (arguments[0] is UndefinedValue undefined
            ? undefined.Error()
            : Errors.Type($"'{arguments[0].TypeName}' object has no attribute 'splitlines'"));
        string separator = arguments.OptionalNotNone(3) is null ? "\n" : arguments.Text(3);
        TextWrapper wrapper = new(arguments.Integer(1, 79), arguments.Flag(2, fallback: true), arguments.Flag(4, fallback: true), evaluator.Budget);
        evaluator.Budget.ChargeText(text.Text.Length * 2L);
        TextBuilder wrapped = new(evaluator.Budget);
        List<string> lines = PythonText.SplitLines(text.Text, keepEnds: false);
        for (int i = 0; i < lines.Count; i++)
            wrapped.Append(i > 0 ? separator : "").Append(string.Join(separator, wrapper.Wrap(lines[i])));
        return new StringValue(wrapped.ToString());
    }
}
