using System.Text;

namespace Impetus.Engine.Tokenization.Text;

/// <summary>Finds UTF-16 positions from UTF-8 ones, in which the models count (a byte token is one byte of a character).</summary>
internal sealed class Utf8Map
{
    private int[] _unitOfByte = [];
    private int _bytes;
    private bool _identity;

    /// <summary>Takes a new text.</summary>
    public void Reset(ReadOnlySpan<char> text)
    {
        _identity = Ascii.IsValid(text);
        _bytes = _identity ? text.Length : System.Text.Encoding.UTF8.GetByteCount(text);
        if (_identity)
            return;
        if (_unitOfByte.Length < _bytes)
            _unitOfByte = new int[Math.Max(_bytes, _unitOfByte.Length * 2)];
        int unit = 0, at = 0;
        while (unit < text.Length)
        {
            Rune.DecodeFromUtf16(text[unit..], out var rune, out int units);
            _unitOfByte.AsSpan(at, rune.Utf8SequenceLength).Fill(unit);
            at += rune.Utf8SequenceLength;
            unit += units;
        }
    }

    /// <summary>The first unit of the character that holds a byte; a byte past the end counts as the last.</summary>
    public int UnitOf(int index)
    {
        index = Math.Clamp(index, 0, _bytes - 1);
        return _identity ? index : _unitOfByte[index];
    }
}
