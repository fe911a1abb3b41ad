using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>json.dumps</c>.</summary>
internal sealed class JsonText
{
    private readonly TextBuilder _text;
    private readonly bool _ensureAscii;
    private readonly bool _sortKeys;
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;

    private JsonText(Budget budget, bool ensureAscii, bool sortKeys, string? indent, string itemSeparator, string keySeparator)
    {
        _text = new TextBuilder(budget);
        _ensureAscii = ensureAscii;
        _sortKeys = sortKeys;
        _indent = indent;
        _itemSeparator = itemSeparator;
        _keySeparator = keySeparator;
    }

    /// <summary>Writes a value as JSON.</summary>
    /// <param name="value">None, a boolean, number, text, list, tuple or mapping.</param>
    /// <param name="ensureAscii">Whether what is not ASCII is escaped.</param>
    /// <param name="sortKeys">Whether keys are sorted.</param>
    /// <param name="indent">What each level is indented with, on lines of their own; null writes one line.</param>
    /// <param name="separators">What stands after an item and after a key.</param>
    /// <param name="budget">Charged for the work.</param>
    /// <exception cref="TemplateException">A value that JSON has no form for.</exception>
    public static string Write(
        TemplateValue value, bool ensureAscii, bool sortKeys, string? indent, (string Item, string Key) separators, Budget budget)
    {
        JsonText writer = new(budget, ensureAscii, sortKeys, indent, separators.Item, separators.Key);
        writer.Write(value, 0);
        return writer._text.ToString();
    }

    private void Write(TemplateValue value, int level)
    {
        StackGuard.Ensure();
        _text.Budget.Step();
        switch (value)
        {
            case StringValue text:
                WriteString(text.Text);
                break;
            case NoneValue or NumberValue:
                _text.Append(Scalar(value));
                break;
            case SequenceValue sequence:
                WriteContainer('[', ']', sequence.Items, level, Write);
                break;
            case DictValue dict:
                WriteContainer('{', '}', Entries(dict), level, WriteEntry);
                break;
            default:
                throw Errors.Type($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private void WriteContainer<T>(char opening, char closing, IReadOnlyCollection<T> items, int level, Action<T, int> write)
    {
        _text.Append(opening);
        bool isFirst = true;
        foreach (T item in items)
        {
            if (!isFirst)
                _text.Append(_itemSeparator);
            isFirst = false;
            NewLine(level + 1);
            write(item, level + 1);
        }

        if (items.Count > 0)
            NewLine(level);
        _text.Append(closing);
    }

    private void NewLine(int level)
    {
        if (_indent is null)
            return;

        _text.Append('\n');
        for (int i = 0; i < level; i++)
            _text.Append(_indent);
    }

    private void WriteEntry(KeyValuePair<TemplateValue, TemplateValue> entry, int level)
    {
        WriteString(entry.Key switch
        {
            StringValue text => text.Text,
            NoneValue or NumberValue => Scalar(entry.Key),
            _ => throw Errors.Type($"keys must be str, int, float, bool or None, not {entry.Key.TypeName}"),
        });
        _text.Append(_keySeparator);
        Write(entry.Value, level);
    }

    private IReadOnlyCollection<KeyValuePair<TemplateValue, TemplateValue>> Entries(DictValue dict) => _sortKeys
        ? StableSort.By(dict.Entries, static entry => entry.Key, isReverse: false, _text.Budget)
        : dict.Entries;

    private static string Scalar(TemplateValue value) => value switch
    {
        NoneValue => "null",
        BoolValue flag => flag.Value ? "true" : "false",
        IntegerValue integer => PythonInteger.Repr(integer.Value),
        FloatValue { Value: var number } => double.IsNaN(number) ? "NaN"
            : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
            : PythonFloat.Repr(number),
        _ => throw new InvalidOperationException("Not a scalar."),
    };

    private void WriteString(string text)
    {
        _text.Budget.ChargeText(text.Length);
        StringBuilder literal = new(text.Length + 2);
        literal.Append('"');
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                literal.Append('\\').Append(c);
            else if (c < ' ')
                literal.Append(Control(c));
            else if (_ensureAscii && c >= '\x7f')
                literal.Append(Escape(c));
            else
                literal.Append(c);
        }

        _text.Append(literal.Append('"').ToString());
    }

    private static string Control(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => Escape(c),
    };

    private static string Escape(char c) => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture);
}
