using System.Globalization;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>str.format</c>; attributes and elements within a field go through the sandbox.</summary>
internal sealed class StrFormat(Evaluator evaluator, IReadOnlyList<TemplateValue> positional, Func<string, TemplateValue?> named, bool escapes)
{
    private const int MaxRecursion = 2;

    private int _next;
    private bool _isManual;

    /// <summary>Formats a text; markup escapes what is put into it.</summary>
    /// <exception cref="TemplateException">The format is malformed, or an argument is missing or of the wrong type.</exception>
    public static StringValue Apply(
        StringValue format, IReadOnlyList<TemplateValue> positional, Func<string, TemplateValue?> named, Evaluator evaluator) =>
        format.With(new StrFormat(evaluator, positional, named, format.IsMarkup).Format(format.Text, MaxRecursion));

    private string Format(string format, int depth)
    {
        if (depth < 0)
            throw Errors.Value("Max string recursion exceeded");

        TextBuilder result = new(evaluator.Budget);
        for (int i = 0; i < format.Length;)
        {
            int brace = format.AsSpan(i).IndexOfAny('{', '}');
            if (brace < 0)
                return result.Append(format.AsSpan(i)).ToString();

            result.Append(format.AsSpan(i, brace));
            i += brace;
            if (i + 1 < format.Length && format[i + 1] == format[i])
            {
                result.Append(format[i]);
                i += 2;
            }
            else if (format[i] == '}')
                throw Errors.Value("Single '}' encountered in format string");
            else
                result.Append(Field(format, ref i, depth));
        }

        return result.ToString();
    }

    private string Field(string format, ref int i, int depth)
    {
        int start = ++i, nesting = 1;
        for (bool inBrackets = false; i < format.Length; i++)
        {
            char c = format[i];
            inBrackets = c == '[' || (inBrackets && c != ']');
            nesting += inBrackets ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
            if (nesting == 0)
                break;
        }

        if (nesting > 0)
            throw Errors.Value(start == format.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");

        string field = format[start..i++];
        int mark = EndOfName(field);
        string name = field[..mark];
        char conversion = '\0';
        if (mark < field.Length && field[mark] == '!')
        {
            if (mark + 1 >= field.Length)
                throw Errors.Value("end of string while looking for conversion specifier");
            conversion = field[mark + 1];
            mark += 2;
            if (mark < field.Length && field[mark] != ':')
                throw Errors.Value("expected ':' after conversion specifier");
        }

        string spec = mark < field.Length ? field[(mark + 1)..] : "";
        TemplateValue value = Convert(Lookup(name), conversion);
        return FormatValue(value, Format(spec, depth - 1));
    }

    private static int EndOfName(string field)
    {
        bool inBrackets = false;
        for (int i = 0; i < field.Length; i++)
        {
            inBrackets = field[i] == '[' || (inBrackets && field[i] != ']');
            if (!inBrackets && field[i] is '!' or ':')
                return i;
        }

        return field.Length;
    }

    private string FormatValue(TemplateValue value, string spec)
    {
        if (!escapes)
            return FormatSpec.Format(value, spec, evaluator.Budget);
        if (value is StringValue { IsMarkup: true } markup)
            return spec.Length == 0 ? markup.Text : throw Errors.Value("Unsupported format specification for Markup.");

        return Html.Escape(FormatSpec.Format(value, spec, evaluator.Budget));
    }

    private TemplateValue Convert(TemplateValue value, char conversion)
    {
        TextBuilder repr = new(evaluator.Budget);
        switch (conversion)
        {
            case '\0':
                return value;
            case 's':
                return new StringValue(value.ToText(evaluator.Budget));
            case 'r':
                value.AppendRepr(repr);
                return new StringValue(repr.ToString());
            case 'a':
                value.AppendRepr(repr);
                return new StringValue(AsciiEscape.All(repr.ToString()));
            default:
                throw Errors.Value($"Unknown conversion specifier {conversion}");
        }
    }

    /// <summary>A field's name: an argument, then attributes and elements of it.</summary>
    private TemplateValue Lookup(string name)
    {
        int end = name.AsSpan().IndexOfAny('.', '[');
        TemplateValue value = Argument(end < 0 ? name : name[..end]);
        while (end >= 0 && end < name.Length)
        {
            bool isAttribute = name[end] == '.';
            int start = end + 1;
            if (isAttribute)
                end = name.AsSpan(start).IndexOfAny('.', '[') is >= 0 and int length ? start + length : name.Length;
            else
                end = name.IndexOf(']', start) is >= 0 and int bracket ? bracket : throw Errors.Value("Missing ']' in format string");

            string part = name[start..end];
            if (part.Length == 0)
                throw Errors.Value("Empty attribute in format string");
            value = isAttribute ? Attributes.Get(value, part, evaluator.Budget) : Attributes.Item(value, Key(part), evaluator.Budget);
            if (!isAttribute && ++end < name.Length && name[end] is not ('.' or '['))
                throw Errors.Value("Only '.' or '[' may follow ']' in format field specifier");
        }

        return value;
    }

    private static TemplateValue Key(string text) =>
        text.All(char.IsAsciiDigit) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long index)
            ? TemplateValue.From(index)
            : new StringValue(text);

    private TemplateValue Argument(string name)
    {
        if (name.Length > 0 && !name.All(char.IsAsciiDigit))
            return named(name) ?? throw Errors.Lookup(PythonRepr.Of(name));

        bool isManual = name.Length > 0;
        if (isManual ? _next > 0 : _isManual)
            throw Errors.Value("cannot switch between manual field specification and automatic field numbering");

        _isManual = isManual;
        int index = !isManual ? _next++ : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : int.MaxValue;
        return index < positional.Count
            ? positional[index]
            : throw Errors.Lookup($"Replacement index {name} out of range for positional args tuple");
    }
}
