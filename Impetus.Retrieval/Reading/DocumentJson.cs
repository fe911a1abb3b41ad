using System.Text.Json;

namespace Impetus.Retrieval.Reading;

/// <summary>An extracted document as JSON and back, without loss; ranges count UTF-16 code units.</summary>
internal static class DocumentJson
{
    public static void Write(Utf8JsonWriter json, ExtractedDocument document)
    {
        json.WriteStartObject();
        json.WriteString("kind", document.Kind.Name());
        json.WriteString("title", document.Title);
        json.WriteString("text", document.Text);
        WriteArray(json, "pages", document.Pages, page => WriteNumbers(json, page.Number ?? 0, page.Start, page.Length));
        WriteArray(json, "blocks", document.Blocks, block => WriteNumbers(json, (int)block.Kind, block.Start, block.Length));
        WriteArray(json, "headings", document.Headings, heading =>
        {
            json.WriteStartObject();
            json.WriteNumber("level", heading.Level);
            json.WriteString("text", heading.Text);
            json.WriteNumber("page", heading.Page ?? 0);
            json.WriteNumber("start", heading.Start);
            json.WriteEndObject();
        });
        WriteArray(json, "outline", document.Outline, entry =>
        {
            json.WriteStartObject();
            json.WriteNumber("level", entry.Level);
            json.WriteString("title", entry.Title);
            json.WriteNumber("page", entry.Page ?? 0);
            json.WriteEndObject();
        });
        WriteArray(json, "running", document.RunningText, json.WriteStringValue);
        WriteArray(json, "attachments", document.Attachments, json.WriteStringValue);
        WriteWarnings(json, document.Warnings);
        if (document.Encoding is { } encoding)
        {
            json.WriteString("encoding", encoding.Name);
            json.WriteBoolean("guessed", encoding.Guessed);
        }
        json.WriteStartObject("metadata");
        foreach ((string name, string value) in document.Metadata)
            json.WriteString(name, value);
        json.WriteEndObject();
        if (document.Rows is { } rows)
            json.WriteNumber("rows", rows);
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">The JSON is not what <see cref="Write"/> makes.</exception>
    public static ExtractedDocument Read(JsonElement json)
    {
        try
        {
            return new ExtractedDocument
            {
                Kind = DocumentKinds.Parse(json.GetProperty("kind").GetString()!),
                Title = json.GetProperty("title").GetString(),
                Text = json.GetProperty("text").GetString()!,
                Pages = ReadArray(json, "pages", page => new PageRange(Known(page[0]), page[1].GetInt32(), page[2].GetInt32())),
                Blocks = ReadArray(json, "blocks", block => new TextBlock((BlockKind)block[0].GetInt32(), block[1].GetInt32(), block[2].GetInt32())),
                Headings = ReadArray(json, "headings", heading => new Heading(heading.GetProperty("level").GetInt32(), heading.GetProperty("text").GetString()!,
                    Known(heading.GetProperty("page")), heading.GetProperty("start").GetInt32())),
                Outline = ReadArray(json, "outline", entry => new OutlineEntry(entry.GetProperty("level").GetInt32(), entry.GetProperty("title").GetString()!, Known(entry.GetProperty("page")))),
                RunningText = ReadArray(json, "running", text => text.GetString()!),
                Attachments = ReadArray(json, "attachments", name => name.GetString()!),
                Warnings = ReadArray(json, "warnings", warning => new ReadingWarning(warning.GetProperty("code").GetString()!, warning.GetProperty("message").GetString()!,
                    ReadArray(warning, "pages", page => page.GetInt32()))),
                Encoding = json.TryGetProperty("encoding", out JsonElement encoding) ? new TextEncoding(encoding.GetString()!, json.GetProperty("guessed").GetBoolean()) : null,
                Metadata = json.GetProperty("metadata").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!),
                Rows = json.TryGetProperty("rows", out JsonElement rows) ? rows.GetInt32() : null,
            };
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new FormatException("This JSON is not an extracted document.", fault);
        }
    }

    public static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<ReadingWarning> warnings) => WriteArray(json, "warnings", warnings, warning =>
    {
        json.WriteStartObject();
        json.WriteString("code", warning.Code);
        json.WriteString("message", warning.Message);
        WriteArray(json, "pages", warning.Pages, json.WriteNumberValue);
        json.WriteEndObject();
    });

    public static void WriteError(Utf8JsonWriter json, ReadException error)
    {
        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }

    internal static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
            write(item);
        json.WriteEndArray();
    }

    private static T[] ReadArray<T>(JsonElement json, string name, Func<JsonElement, T> read) => [.. json.GetProperty(name).EnumerateArray().Select(read)];

    private static void WriteNumbers(Utf8JsonWriter json, int first, int second, int third)
    {
        json.WriteStartArray();
        json.WriteNumberValue(first);
        json.WriteNumberValue(second);
        json.WriteNumberValue(third);
        json.WriteEndArray();
    }

    // Pages are numbered from 1; 0 stands for none.
    private static int? Known(JsonElement page) => page.GetInt32() is var number and > 0 ? number : null;
}
