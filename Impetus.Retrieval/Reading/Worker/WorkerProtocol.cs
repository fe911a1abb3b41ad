using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Impetus.Retrieval.Reading.Worker;

/// <summary>
/// What goes over the pipes between a reader's parent and its child, one JSON object a line. The child says <c>{"ready":true}</c> once. A request names
/// the file and its length and is followed by that many raw bytes; the answer is a document or an error.
/// </summary>
/// <remarks>
/// Bytes travel over the pipe, not as a path: uploads have no path, the child needs no right to open any file, and nothing that a user added lies
/// about in a temporary folder. Raw bytes after the line save the third that base64 would add.
/// </remarks>
internal static class WorkerProtocol
{
    /// <summary>More than any request needs.</summary>
    public const int RequestLineBytes = 1 << 20;

    private const int BytesPerCharacter = 16;

    /// <summary>The longest answer that a child may give within its limits; a longer one is no answer.</summary>
    public static long AnswerLineBytes(ReadingLimits limits) => (16L << 20) + ((long)limits.Characters * BytesPerCharacter);

    public static byte[] Ready() => Line(json => json.WriteBoolean("ready", true));

    public static byte[] Request(string name, int length, ReadingLimits limits) => Line(json =>
    {
        json.WriteString("name", name);
        json.WriteNumber("length", length);
        json.WriteNumber("fileBytes", limits.FileBytes);
        json.WriteNumber("inflatedBytes", limits.InflatedBytes);
        json.WriteNumber("pages", limits.Pages);
        json.WriteNumber("characters", limits.Characters);
        json.WriteNumber("seconds", limits.Seconds);
    });

    public static byte[] Answer(ExtractedDocument document) => Line(json =>
    {
        json.WritePropertyName("document");
        DocumentJson.Write(json, document);
    });

    public static byte[] Answer(ReadException error) => Line(json => DocumentJson.WriteError(json, error));

    public static WorkerRequest ParseRequest(ReadOnlySequence<byte> line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        JsonElement request = json.RootElement;
        return new WorkerRequest(request.GetProperty("name").GetString()!, request.GetProperty("length").GetInt32(), new ReadingLimits
        {
            FileBytes = request.GetProperty("fileBytes").GetInt64(),
            InflatedBytes = request.GetProperty("inflatedBytes").GetInt64(),
            Pages = request.GetProperty("pages").GetInt32(),
            Characters = request.GetProperty("characters").GetInt32(),
            Seconds = request.GetProperty("seconds").GetDouble(),
        });
    }

    /// <exception cref="ReadException">The child's answer is an error.</exception>
    /// <exception cref="FormatException">It is no answer.</exception>
    public static ExtractedDocument ParseAnswer(ReadOnlySequence<byte> line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("error", out JsonElement error))
                throw new ReadException(ReadException.Parse(error.GetProperty("code").GetString()!), error.GetProperty("message").GetString()!);
            return DocumentJson.Read(json.RootElement.GetProperty("document"));
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The reader's answer is not understood.", fault);
        }
    }

    /// <summary>The next line without its end, or null at the end of the stream.</summary>
    /// <exception cref="FormatException">The line is longer than <paramref name="maxBytes"/>.</exception>
    public static async Task<T?> ReadLineAsync<T>(PipeReader reader, long maxBytes, Func<ReadOnlySequence<byte>, T> parse, CancellationToken cancellationToken) where T : class
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                try
                {
                    return parse(result.Buffer.Slice(0, end));
                }
                finally
                {
                    reader.AdvanceTo(result.Buffer.GetPosition(1, end));
                }
            }
            if (result.Buffer.Length > maxBytes)
                throw new FormatException("A line of the reader is too long.");
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
                return default;
        }
    }

    /// <summary>The next <paramref name="length"/> bytes, or null when the stream ends before.</summary>
    public static async Task<byte[]?> ReadBytesAsync(PipeReader reader, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length;)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> part = result.Buffer.Slice(0, Math.Min(length - filled, result.Buffer.Length));
            part.CopyTo(bytes.AsSpan(filled));
            filled += (int)part.Length;
            reader.AdvanceTo(part.End);
            if (result.IsCompleted && filled < length)
                return null;
        }
        return bytes;
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
