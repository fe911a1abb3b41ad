using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Impetus.Server.OpenAi;

/// <summary>How single tokens are shown, which need not be whole characters.</summary>
internal static class TokenText
{
    /// <summary>A token's text, or its bytes as OpenAI writes them: <c>\xf0\x9f</c>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length * 4);
        foreach (byte b in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        return text.ToString();
    }

    /// <summary>The same as the older completions route writes it, marked: <c>bytes:\xf0\x9f</c>.</summary>
    public static string Marked(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Of(bytes) : $"bytes:{Of(bytes)}";

    /// <summary>How many characters (code points) begin in these bytes.</summary>
    public static int Characters(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        foreach (byte b in bytes)
        {
            if ((b & 0xC0) != 0x80)
                count++;
        }

        return count;
    }
}
