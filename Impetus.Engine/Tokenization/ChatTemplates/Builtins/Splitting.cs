using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The methods of <c>str</c> that take a text apart.</summary>
internal static class Splitting
{
    /// <summary><c>split</c> and <c>rsplit</c>: at white space if no separator is given.</summary>
    public static ListValue Split(StringValue text, BoundArguments arguments, Evaluator evaluator, bool fromEnd)
    {
        int limit = arguments.Integer(2, -1);
        if (arguments.OptionalNotNone(1) is null)
            return Pieces(text, fromEnd ? SplitWords.FromEnd(text.Text, limit) : SplitWords.FromStart(text.Text, limit), evaluator);

        string separator = arguments.Text(1);
        if (separator.Length == 0)
            throw Errors.Value("empty separator");

        IEnumerable<int> offsets = fromEnd && limit >= 0
            ? TextSearch.LastOccurrences(text.Text, separator, limit)
            : TextSearch.Occurrences(text.Text, separator, limit);
        return Pieces(text, TextSearch.Between(text.Text, offsets, separator.Length), evaluator);
    }

    /// <summary><c>partition</c> and <c>rpartition</c>.</summary>
    public static TupleValue Partition(StringValue text, string separator, bool fromEnd)
    {
        if (separator.Length == 0)
            throw Errors.Value("empty separator");

        int at = fromEnd ? TextSearch.LastIndexOf(text.Text, separator) : TextSearch.IndexOf(text.Text, separator);
        string[] parts = at >= 0 ? [text.Text[..at], separator, text.Text[(at + separator.Length)..]]
            : fromEnd ? ["", "", text.Text]
            : [text.Text, "", ""];
        return new TupleValue([.. parts.Select(text.With)]);
    }

    /// <summary>A list of texts of the same kind as another.</summary>
    public static ListValue Pieces(StringValue text, IEnumerable<string> pieces, Evaluator evaluator)
    {
        evaluator.Budget.ChargeText(text.Text.Length);
        List<TemplateValue> list = [];
        foreach (string piece in pieces)
        {
            evaluator.Budget.Step();
            list.Add(text.With(piece));
        }

        return new ListValue(list);
    }
}
