using System.Text;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization;

/// <summary>
/// GPT-2's letters for the 256 bytes: printable Latin-1 characters stand for themselves, the others, in order, for U+0100
/// onwards, so that a space is Ġ.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Letters = BuildLetters();
    private static readonly short[] Bytes = BuildBytes();

    public static char Letter(byte value) => Letters[value];

    /// <summary>The byte that a letter stands for.</summary>
    public static bool TryGetByte(char letter, out byte value)
    {
        short found = letter < Bytes.Length ? Bytes[letter] : (short)-1;
        value = (byte)found;
        return found >= 0;
    }

    /// <summary>The bytes that a token spells: by its letters when all are of the alphabet, else its own UTF-8.</summary>
    public static byte[] BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
            if (!TryGetByte(token[i], out bytes[i]))
                return System.Text.Encoding.UTF8.GetBytes(token);
        return bytes;
    }

    /// <summary>Writes a part of a text byte by byte in letters.</summary>
    public static void Spell(AlignedText text, int start, int length, TextRewriter rewriter)
    {
        var span = text.Span;
        Span<byte> utf8 = stackalloc byte[4];
        for (int at = start; at < start + length;)
        {
            if (span[at] < 0x80)
            {
                rewriter.Append(Letters[span[at]], text, at);
                at++;
                continue;
            }
            Rune.DecodeFromUtf16(span[at..], out var rune, out int units);
            foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)])
                rewriter.Append(Letters[b], text, at);
            at += units;
        }
    }

    private static char[] BuildLetters()
    {
        var letters = new char[256];
        char next = '\u0100';
        for (int b = 0; b < 256; b++)
            letters[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : next++;
        return letters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Letters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++)
            bytes[Letters[b]] = (short)b;
        return bytes;
    }
}
