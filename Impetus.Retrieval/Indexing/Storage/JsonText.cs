using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>Small JSON columns.</summary>
internal static class JsonText
{
    public const int MaxMetadataBytes = 16 << 10;

    /// <summary>The object's text, checked; null for null.</summary>
    public static string? OfMetadata(JsonElement? metadata)
    {
        if (metadata is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } element)
            return null;
        if (element.ValueKind != JsonValueKind.Object)
            throw new LibraryException(LibraryFault.InvalidRequest, "Metadata must be a JSON object, such as {\"author\": \"Ada\"}.");
        string text = element.GetRawText();
        if (Encoding.UTF8.GetByteCount(text) > MaxMetadataBytes)
            throw new LibraryException(LibraryFault.InvalidRequest, $"Metadata may have at most {MaxMetadataBytes:N0} bytes.");
        return text;
    }

    public static JsonElement? ToElement(string? text)
    {
        if (text is null)
            return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static string? OfStrings(IReadOnlyList<string> strings) => strings.Count == 0 ? null : Write(writer =>
    {
        writer.WriteStartArray();
        foreach (string text in strings)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    });

    public static IReadOnlyList<string> ToStrings(string? text) =>
        ToElement(text) is { } array ? [.. array.EnumerateArray().Select(item => item.GetString() ?? "")] : [];

    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
