namespace Impetus.Engine.Tokenization.Text;

/// <summary>Turns code-point positions of a text into UTF-16 ones.</summary>
internal sealed class Utf16Offsets
{
    private readonly List<int>? _units;

    public Utf16Offsets(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return;
        _units = new List<int>(text.Length + 1);
        for (int i = 0; i < text.Length; i++)
            if (!char.IsLowSurrogate(text[i]) || i == 0 || !char.IsHighSurrogate(text[i - 1]))
                _units.Add(i);
        _units.Add(text.Length);
    }

    public int At(int codePoint) => _units is null ? codePoint : _units[codePoint];
}
