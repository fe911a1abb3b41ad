using System.Text.Encodings.Web;
using System.Text.Json;

namespace Impetus.Retrieval.Reading;

/// <summary>
/// What <c>impetus inspect document</c> prints: what a reader made of a file, or the error that it deserves. Offsets count Unicode code points, as they do
/// everywhere in the API.
/// </summary>
public static class DocumentInspection
{
    // Letters of all scripts as they are.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the file and writes one JSON object, with a line feed after it.</summary>
    /// <param name="reader">Reads it.</param>
    /// <param name="content">The file's bytes.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="output">Gets the JSON, in UTF-8.</param>
    /// <param name="indented">On many lines, for people's eyes; else on one.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether the file could be read.</returns>
    public static async Task<bool> WriteAsync(
        IDocumentReader reader, ReadOnlyMemory<byte> content, string name, Stream output, bool indented = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(output);
        ExtractedDocument? document = null;
        ReadException? error = null;
        try
        {
            document = await reader.ReadAsync(content, name, cancellationToken).ConfigureAwait(false);
        }
        catch (ReadException fault)
        {
            error = fault;
        }
        await using (Utf8JsonWriter json = new(output, Readable with { Indented = indented }))
        {
            json.WriteStartObject();
            if (document is not null)
                Write(json, document);
            else
                DocumentJson.WriteError(json, error!);
            json.WriteEndObject();
        }
        await output.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        return document is not null;
    }

    private static void Write(Utf8JsonWriter json, ExtractedDocument document)
    {
        CodePointCount count = new(document.Text);
        json.WriteString("kind", document.Kind.Name());
        json.WriteString("title", document.Title);
        DocumentJson.WriteArray(json, "pages", document.Pages, page =>
        {
            json.WriteStartObject();
            WriteNumber(json, "number", page.Number);
            json.WriteString("text", document.TextOf(page));
            json.WriteEndObject();
        });
        DocumentJson.WriteArray(json, "headings", document.Headings, heading =>
        {
            json.WriteStartObject();
            json.WriteNumber("level", heading.Level);
            json.WriteString("text", heading.Text);
            WriteNumber(json, "page", heading.Page);
            json.WriteNumber("start", count.At(heading.Start));
            json.WriteEndObject();
        });
        DocumentJson.WriteWarnings(json, document.Warnings);
        DocumentJson.WriteArray(json, "outline", document.Outline, entry =>
        {
            json.WriteStartObject();
            json.WriteNumber("level", entry.Level);
            json.WriteString("title", entry.Title);
            WriteNumber(json, "page", entry.Page);
            json.WriteEndObject();
        });
        DocumentJson.WriteArray(json, "notes", [.. document.Blocks.Where(block => block.Kind == BlockKind.Note)], note => json.WriteStringValue(document.Text.AsSpan(note.Start, note.Length)));
        DocumentJson.WriteArray(json, "running", document.RunningText, json.WriteStringValue);
        DocumentJson.WriteArray(json, "attachments", document.Attachments, json.WriteStringValue);
        if (document.Encoding is { } encoding)
        {
            json.WriteStartObject("encoding");
            json.WriteString("name", encoding.Name);
            json.WriteBoolean("guessed", encoding.Guessed);
            json.WriteEndObject();
        }
        json.WriteStartObject("metadata");
        foreach ((string name, string value) in document.Metadata)
            json.WriteString(name, value);
        json.WriteEndObject();
        if (document.Rows is { } rows)
            json.WriteNumber("rows", rows);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    // Counts forward once: the headings are asked for in the order of the text.
    private sealed class CodePointCount(string text)
    {
        private int _at, _count;

        public int At(int offset)
        {
            for (; _at < offset; _at++)
                if (!char.IsLowSurrogate(text[_at]))
                    _count++;
            return _count;
        }
    }
}
