using System.Globalization;
using System.Text;

namespace Impetus.Retrieval.Reading.Rtf;

/// <summary>Rich Text's bytes into tokens (RTF specification 1.9.1, "RTF syntax"). Line ends mean nothing; <c>\bin</c> data is passed over.</summary>
internal sealed class RtfTokenizer(ReadOnlyMemory<byte> content)
{
    private const int MaxWordLength = 32;

    private int _at;

    public RtfToken Next()
    {
        ReadOnlySpan<byte> bytes = content.Span;
        while (_at < bytes.Length)
        {
            byte b = bytes[_at++];
            switch (b)
            {
                case (byte)'{':
                    return new RtfToken(RtfTokenKind.GroupStart);
                case (byte)'}':
                    return new RtfToken(RtfTokenKind.GroupEnd);
                case (byte)'\\' when _at < bytes.Length:
                    return Control(bytes);
                case (byte)'\r' or (byte)'\n' or 0:
                    break;
                default:
                    return new RtfToken(RtfTokenKind.Byte, Value: b);
            }
        }
        return new RtfToken(RtfTokenKind.End);
    }

    private RtfToken Control(ReadOnlySpan<byte> bytes)
    {
        byte first = bytes[_at];
        if (!char.IsAsciiLetter((char)first))
        {
            _at++;
            if (first == '\'' && _at + 2 <= bytes.Length && byte.TryParse(bytes.Slice(_at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte value))
            {
                _at += 2;
                return new RtfToken(RtfTokenKind.Byte, Value: value);
            }
            return new RtfToken(RtfTokenKind.Control, first is (byte)'\r' or (byte)'\n' ? "par" : ((char)first).ToString());
        }
        int start = _at;
        while (_at < bytes.Length && _at - start < MaxWordLength && char.IsAsciiLetter((char)bytes[_at]))
            _at++;
        string word = Encoding.ASCII.GetString(bytes[start.._at]);
        int? number = Number(bytes);
        if (_at < bytes.Length && bytes[_at] == ' ')
            _at++;
        if (word == "bin" && number > 0)
            _at = (int)Math.Min(bytes.Length, (long)_at + number.Value);
        return new RtfToken(RtfTokenKind.Control, word, number);
    }

    private int? Number(ReadOnlySpan<byte> bytes)
    {
        int start = _at;
        if (_at < bytes.Length && bytes[_at] == '-')
            _at++;
        while (_at < bytes.Length && _at - start < 11 && char.IsAsciiDigit((char)bytes[_at]))
            _at++;
        return int.TryParse(bytes[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
