using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;

namespace Impetus.Server.Cli;

/// <summary>
/// One JSON object a line in, one a line out, in the same order, in UTF-8. A line that cannot be answered gives
/// <c>{"error": message}</c>, and the next goes on. An answer is written as soon as it is there, so that a person can type.
/// </summary>
internal static class JsonLines
{
    /// <summary>Longest line, in bytes.</summary>
    public const int MaxLineBytes = 256 << 20;

    /// <summary>Lines that may be worked on together where that is faster; bounds what a fast pipe can pile up.</summary>
    public const int Many = 1024;

    private const int MaxDepth = 512;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <summary>Works out the answer to a line, and returns what writes its members.</summary>
    public delegate Task<Action<Utf8JsonWriter>> LineAnswer(JsonElement line);

    /// <summary>Answers each line that is not blank.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="output">The answers.</param>
    /// <param name="answer">Answers one line; what it throws becomes the line's error.</param>
    /// <param name="ahead">So many lines may be begun before the first of them is answered.</param>
    /// <param name="cancel">Stops.</param>
    public static async Task RunAsync(Stream input, Stream output, LineAnswer answer, int ahead = 1, CancellationToken cancel = default)
    {
        var answers = Channel.CreateBounded<Task<Action<Utf8JsonWriter>>>(ahead);
        // A console's read waits in its thread, whatever it is called.
        var reading = Task.Run(() => ReadAsync(input, answers.Writer, answer, cancel), cancel);
        await using var json = new Utf8JsonWriter(output, Writing);
        await foreach (var pending in answers.Reader.ReadAllAsync(cancel))
        {
            await WriteAsync(json, pending, cancel);
            await output.WriteAsync("\n"u8.ToArray(), cancel);
            await output.FlushAsync(cancel);
        }

        await reading;
    }

    private static async Task WriteAsync(Utf8JsonWriter json, Task<Action<Utf8JsonWriter>> pending, CancellationToken cancel)
    {
        json.Reset();
        json.WriteStartObject();
        try
        {
            (await pending)(json);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            json.WriteText("error", fault.Message);
        }

        json.WriteEndObject();
        await json.FlushAsync(cancel);
    }

    private static async Task ReadAsync(Stream input, ChannelWriter<Task<Action<Utf8JsonWriter>>> answers, LineAnswer answer, CancellationToken cancel)
    {
        Exception? end = null;
        try
        {
            var lines = new LineReader(input, MaxLineBytes);
            for (bool first = true; ; first = false)
            {
                Task<Action<Utf8JsonWriter>> pending;
                try
                {
                    if (await lines.ReadAsync(cancel) is not { } line)
                        return;
                    if (first && line.Span.StartsWith(Encoding.UTF8.Preamble))
                        line = line[Encoding.UTF8.Preamble.Length..];
                    if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
                        continue;
                    pending = AnswerAsync(line.ToArray(), answer);
                }
                catch (JsonLineException fault)
                {
                    pending = Task.FromException<Action<Utf8JsonWriter>>(fault);
                }

                await answers.WriteAsync(pending, cancel);
            }
        }
        catch (Exception fault)
        {
            end = fault;
        }
        finally
        {
            answers.Complete(end);
        }
    }

    private static async Task<Action<Utf8JsonWriter>> AnswerAsync(byte[] line, LineAnswer answer)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line, new() { MaxDepth = MaxDepth });
        }
        catch (JsonException fault)
        {
            throw new JsonLineException($"The line is not JSON: {fault.Message}", fault);
        }

        using (document)
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? await answer(document.RootElement)
                : throw new JsonLineException("The line is not a JSON object.");
    }
}
