using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>pprint.pformat</c>: a <c>repr</c> that is broken into lines of 80 characters where it is longer.</summary>
internal sealed class PrettyPrinter
{
    private const int Width = 80;

    private readonly TextBuilder _text;

    private PrettyPrinter(Budget budget) => _text = new TextBuilder(budget);

    /// <summary>Formats a value; mappings are sorted by key.</summary>
    public static string Format(TemplateValue value, Budget budget)
    {
        PrettyPrinter printer = new(budget);
        printer.Write(WithSortedKeys(value, budget), indent: 0, allowance: 0);
        return printer._text.ToString();
    }

    private void Write(TemplateValue value, int indent, int allowance)
    {
        StackGuard.Ensure();
        string repr = Repr(value);
        if (repr.Length <= Width - indent - allowance)
        {
            _text.Append(repr);
            return;
        }

        switch (value)
        {
            case DictValue { Entries.Count: > 0 } dict:
                WriteItems("{", "}", [.. dict.Entries], indent, allowance, WriteEntry);
                break;
            case ListValue list:
                WriteItems("[", "]", list.Items, indent, allowance, Write);
                break;
            case TupleValue tuple:
                WriteItems("(", tuple.Items.Count == 1 ? ",)" : ")", tuple.Items, indent, allowance, Write);
                break;
            case StringValue { IsMarkup: false } text:
                WriteString(text.Text, repr, indent, allowance, isNested: _text.Length > 0);
                break;
            default:
                _text.Append(repr);
                break;
        }
    }

    private void WriteItems<T>(string opening, string closing, IReadOnlyList<T> items, int indent, int allowance, Action<T, int, int> write)
    {
        _text.Append(opening);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _text.Append(",\n").Append(new string(' ', indent + 1));
            write(items[i], indent + 1, i == items.Count - 1 ? allowance + closing.Length : 1);
        }

        _text.Append(closing);
    }

    private void WriteEntry(KeyValuePair<TemplateValue, TemplateValue> entry, int indent, int allowance)
    {
        string key = Repr(entry.Key);
        _text.Append(key).Append(": ");
        Write(entry.Value, indent + PythonText.Length(key) + 2, allowance);
    }

    /// <summary>A long text becomes literals side by side, cut between words.</summary>
    private void WriteString(string text, string repr, int indent, int allowance, bool isNested)
    {
        List<string> lines = PythonText.SplitLines(text, keepEnds: true);
        int indentOfLines = indent + (isNested ? 0 : 1);
        int last = isNested ? allowance : allowance + 1;
        List<string> chunks = [];
        for (int i = 0; i < lines.Count; i++)
        {
            string literal = PythonRepr.Of(lines[i]);
            int width = Width - indentOfLines - (i == lines.Count - 1 ? last : 0);
            if (literal.Length <= width)
                chunks.Add(literal);
            else
                AddWords(lines[i], Width - indentOfLines, i == lines.Count - 1 ? last : 0, chunks);
        }

        if (chunks.Count == 1)
        {
            _text.Append(repr);
            return;
        }

        if (!isNested)
            _text.Append('(');
        for (int i = 0; i < chunks.Count; i++)
            _text.Append(i > 0 ? "\n" + new string(' ', indentOfLines) : "").Append(chunks[i]);
        if (!isNested)
            _text.Append(')');
    }

    private static void AddWords(string line, int width, int allowance, List<string> chunks)
    {
        List<string> words = Words(line);
        StringBuilder current = new();
        for (int i = 0; i < words.Count; i++)
        {
            string candidate = current + words[i];
            int room = i == words.Count - 1 ? width - allowance : width;
            if (PythonRepr.Of(candidate).Length > room && current.Length > 0)
            {
                chunks.Add(PythonRepr.Of(current.ToString()));
                current.Clear();
            }

            current.Append(words[i]);
        }

        if (current.Length > 0)
            chunks.Add(PythonRepr.Of(current.ToString()));
    }

    /// <summary>Runs of what is not white space, each with the white space after it.</summary>
    private static List<string> Words(string line)
    {
        List<string> words = [];
        for (int at = 0; at < line.Length;)
        {
            int start = at;
            while (at < line.Length && !PythonText.IsSpace(line[at]))
                at++;
            while (at < line.Length && PythonText.IsSpace(line[at]))
                at++;
            words.Add(line[start..at]);
        }

        return words;
    }

    /// <summary>The same value with all mappings sorted.</summary>
    private static TemplateValue WithSortedKeys(TemplateValue value, Budget budget)
    {
        StackGuard.Ensure();
        budget.Charge(8);
        return value switch
        {
            SequenceValue sequence => sequence.With([.. sequence.Items.Select(item => WithSortedKeys(item, budget))]),
            DictValue dict => new DictValue(new OrderedDictionary<TemplateValue, TemplateValue>(
                Sorted(dict, budget).Select(entry => KeyValuePair.Create(entry.Key, WithSortedKeys(entry.Value, budget))))),
            _ => value,
        };
    }

    private static List<KeyValuePair<TemplateValue, TemplateValue>> Sorted(DictValue dict, Budget budget)
    {
        try
        {
            return StableSort.By(dict.Entries, static entry => entry.Key, isReverse: false, budget);
        }
        catch (TemplateException error) when (error.Kind == TemplateErrorKind.Type)
        {
            // Keys that cannot be compared are ordered by their type's name.
            return [.. dict.Entries.OrderBy(static entry => entry.Key.TypeName, StringComparer.Ordinal)];
        }
    }

    private string Repr(TemplateValue value)
    {
        TextBuilder repr = new(_text.Budget);
        value.AppendRepr(repr);
        return repr.ToString();
    }
}
