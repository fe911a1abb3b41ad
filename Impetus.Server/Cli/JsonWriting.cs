using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>What the JSON writer lacks: texts that are not Unicode, numbers that JSON does not know, lists.</summary>
internal static class JsonWriting
{
    private const int FlushBytes = 1 << 20;

    /// <summary>Writes any .NET text, also one with half of a surrogate pair, which the writer alone refuses.</summary>
    public static void WriteText(this Utf8JsonWriter json, string name, string text)
    {
        json.WritePropertyName(name);
        int at = 0;
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune))
            at += rune.Utf16SequenceLength;
        if (at == text.Length)
            json.WriteStringValue(text);
        else
            json.WriteRawValue(Escaped(text));
    }

    /// <summary>Writes a number in the fewest digits that read back as the same one; null where JSON has no number.</summary>
    public static void WriteReal(this Utf8JsonWriter json, float number)
    {
        if (float.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    /// <inheritdoc cref="WriteReal(Utf8JsonWriter, float)"/>
    public static void WriteReal(this Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    /// <summary>Writes a list of numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<float> numbers) => json.WriteList(name, numbers, json.WriteReal);

    /// <inheritdoc cref="WriteNumbers(Utf8JsonWriter, string, IEnumerable{float})"/>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<int> numbers) => json.WriteList(name, numbers, json.WriteNumberValue);

    /// <summary>The body of a request.</summary>
    public static HttpContent Content(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return new ReadOnlyMemoryContent(buffer.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    /// <summary>Writes a list as a member.</summary>
    public static void WriteList<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WritePropertyName(name);
        json.WriteList(items, write);
    }

    /// <summary>Writes a list, and hands on what has piled up.</summary>
    public static void WriteList<T>(this Utf8JsonWriter json, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
            write(item);
        json.WriteEndArray();
        if (json.BytesPending > FlushBytes)
            json.Flush();
    }

    private static string Escaped(string text)
    {
        var raw = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == ' ')
                raw.Append(c);
            else
                raw.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return raw.Append('"').ToString();
    }
}
