using System.Buffers;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Filters about HTML and addresses.</summary>
internal static class HtmlFilters
{
    /// <summary>Characters that would end an attribute's name.</summary>
    private static readonly SearchValues<char> NoAttributeName = SearchValues.Create(" \t\n\r\f\v/>=");

    private static readonly Builtin Escape = new("escape(s, /)", static (e, a) => e.Escape(a[0]));

    public static IReadOnlyDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(StringComparer.Ordinal)
    {
        ["e"] = Escape,
        ["escape"] = Escape,
        ["forceescape"] = new("do_forceescape(value)", static (e, a) => e.Escape(new StringValue(a[0].ToText(e.Budget)))),
        ["safe"] = new("do_mark_safe(value)", static (e, a) => new StringValue(a[0].ToText(e.Budget), isMarkup: true)),
        ["striptags"] = new("do_striptags(value)", static (e, a) => new StringValue(Html.StripTags(a[0].ToText(e.Budget)))),
        ["urlencode"] = new("do_urlencode(value)", static (e, a) => new StringValue(UrlEncode(e, a[0]))),
        ["urlize"] = new("do_urlize(value, trim_url_limit?, nofollow?, target?, rel?, extra_schemes?)", static (e, a) => UrlizeFilter(e, a)),
        ["xmlattr"] = new("do_xmlattr(d, autospace?)", static (e, a) => XmlAttributes(e, a)),
    };

    private static string UrlEncode(Evaluator evaluator, TemplateValue value)
    {
        if (value is StringValue || value.Elements() is null)
            return Quote(value, isQuery: false);

        IEnumerable<TemplateValue> pairs = value is DictValue dict
            ? dict.Entries.Select(static entry => new TupleValue([entry.Key, entry.Value]))
            : evaluator.Iterate(value);
        List<string> parts = [];
        foreach (TemplateValue pair in pairs)
        {
            List<TemplateValue> both = evaluator.ToList(pair);
            if (both.Count != 2)
                throw Errors.Value($"cannot unpack {both.Count} values (expected 2)");
            parts.Add(Quote(both[0], isQuery: true) + "=" + Quote(both[1], isQuery: true));
        }

        return string.Join('&', parts);

        string Quote(TemplateValue part, bool isQuery)
        {
            string text = part.ToText(evaluator.Budget);
            evaluator.Budget.ChargeText(text.Length * 3L);
            return Url.Quote(text, isQuery);
        }
    }

    private static StringValue XmlAttributes(Evaluator evaluator, BoundArguments arguments)
    {
        if (arguments[0] is UndefinedValue undefined)
            throw undefined.Error();
        if (arguments[0] is not DictValue dict)
            throw Errors.Type($"'{arguments[0].TypeName}' object has no attribute 'items'");

        TextBuilder text = new(evaluator.Budget);
        foreach ((TemplateValue key, TemplateValue value) in dict.Entries)
        {
            if (value is NoneValue or UndefinedValue)
                continue;
            if (key is not StringValue name)
                throw Errors.Type("expected string or bytes-like object");
            if (name.Text.AsSpan().ContainsAny(NoAttributeName))
                throw Errors.Value($"Invalid character in attribute name: {PythonRepr.Of(name.Text)}");

            text.Append(text.Length > 0 || arguments.Flag(1, fallback: true) ? " " : "");
            text.Append(evaluator.Escape(name).Text).Append("=\"").Append(evaluator.Escape(value).Text).Append('"');
        }

        return new StringValue(text.ToString(), evaluator.AutoEscapes);
    }

    private static StringValue UrlizeFilter(Evaluator evaluator, BoundArguments arguments)
    {
        string given = arguments.OptionalNotNone(4) is null ? "" : arguments.Text(4);
        SortedSet<string> rel = new(SplitWords.All(given), StringComparer.Ordinal) { "noopener" };
        if (arguments.Flag(2))
            rel.Add("nofollow");
        List<string> schemes = [];
        if (arguments.OptionalNotNone(5) is { } extra)
            foreach (TemplateValue scheme in evaluator.Iterate(extra))
                schemes.Add(scheme is StringValue text && Urlizer.IsScheme(text.Text)
                    ? text.Text
                    : throw Errors.Runtime($"{scheme.ToText(evaluator.Budget)} is not a valid URI scheme prefix."));

        Urlizer urlizer = new(
            arguments.OptionalNotNone(1) is null ? null : arguments.Integer(1),
            string.Join(' ', rel),
            arguments.OptionalNotNone(3) is null ? null : arguments.Text(3),
            schemes);
        StringValue input = evaluator.ToText(arguments[0]);
        evaluator.Budget.ChargeText(input.Text.Length * 4L);
        return new StringValue(urlizer.Apply(evaluator.Escape(input).Text), evaluator.AutoEscapes);
    }
}
