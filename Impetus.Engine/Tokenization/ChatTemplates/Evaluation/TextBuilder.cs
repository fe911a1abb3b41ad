using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Builds text and charges for every piece of it.</summary>
internal sealed class TextBuilder(Budget budget)
{
    private readonly StringBuilder _text = new();

    public Budget Budget => budget;

    public int Length => _text.Length;

    public TextBuilder Append(ReadOnlySpan<char> text)
    {
        budget.CheckLength((long)_text.Length + text.Length);
        budget.Charge(text.Length >> 4);
        _text.Append(text);
        return this;
    }

    public TextBuilder Append(string text) => Append(text.AsSpan());

    public TextBuilder Append(char character)
    {
        budget.CheckLength(_text.Length + 1L);
        _text.Append(character);
        return this;
    }

    public override string ToString() => _text.ToString();
}
