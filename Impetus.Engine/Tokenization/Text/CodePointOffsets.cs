namespace Impetus.Engine.Tokenization.Text;

/// <summary>Turns UTF-16 ranges of a text into code-point ranges.</summary>
internal sealed class CodePointOffsets
{
    private readonly int[]? _codePoints;

    public CodePointOffsets(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return;
        _codePoints = new int[text.Length + 1];
        for (int i = 0; i < text.Length; i++)
            _codePoints[i + 1] = _codePoints[i] + (char.IsLowSurrogate(text[i]) ? 0 : 1);
    }

    public TokenOffset Of(Alignment range) => _codePoints is null
        ? new TokenOffset(range.Start, range.End)
        : new TokenOffset(_codePoints[range.Start], _codePoints[range.End]);
}
