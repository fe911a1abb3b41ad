using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The methods of <c>str</c> that fill a text up to a width, which counts code points.</summary>
internal static class Padding
{
    public static StringValue Center(StringValue text, BoundArguments arguments, string fill, Budget budget) =>
        Center(text, arguments.Integer(1), fill, budget);

    /// <summary>Python gives the odd blank to the left side if the width is odd, else to the right one.</summary>
    public static StringValue Center(StringValue text, int width, string fill, Budget budget)
    {
        int missing = Missing(text, width, budget);
        int left = missing / 2 + (missing & width & 1);
        return Fill(text, left, missing - left, fill);
    }

    public static StringValue Left(StringValue text, BoundArguments arguments, string fill, Budget budget) =>
        Fill(text, 0, Missing(text, arguments.Integer(1), budget), fill);

    public static StringValue Right(StringValue text, BoundArguments arguments, string fill, Budget budget) =>
        Fill(text, Missing(text, arguments.Integer(1), budget), 0, fill);

    /// <summary>Zeros go behind a sign.</summary>
    public static StringValue Zeros(StringValue text, int width, Budget budget)
    {
        int sign = text.Text.Length > 0 && text.Text[0] is '+' or '-' ? 1 : 0;
        return text.With(text.Text[..sign] + new string('0', Missing(text, width, budget)) + text.Text[sign..]);
    }

    /// <summary>Tabs become blanks up to the next multiple of a size.</summary>
    public static StringValue ExpandTabs(StringValue text, int size, Budget budget)
    {
        TextBuilder expanded = new(budget);
        int column = 0;
        foreach (string character in PythonText.Characters(text.Text))
        {
            if (character == "\t")
            {
                int blanks = size > 0 ? size - column % size : 0;
                budget.ChargeText(blanks);
                expanded.Append(new string(' ', blanks));
                column += blanks;
                continue;
            }

            expanded.Append(character);
            column = character is "\n" or "\r" ? 0 : column + 1;
        }

        return text.With(expanded.ToString());
    }

    private static int Missing(StringValue text, int width, Budget budget)
    {
        int missing = Math.Max(0, width - text.Length(budget)!.Value);
        budget.ChargeText((long)missing + text.Text.Length);
        return missing;
    }

    private static StringValue Fill(StringValue text, int left, int right, string fill)
    {
        if (PythonText.Length(fill) != 1)
            throw Errors.Type("The fill character must be exactly one character long");

        return text.With(Repeat(left) + text.Text + Repeat(right));

        string Repeat(int count) => fill.Length == 1 ? new string(fill[0], count) : string.Concat(Enumerable.Repeat(fill, count));
    }
}
