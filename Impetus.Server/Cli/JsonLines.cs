using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Impetus.Server.Cli;

/// <summary>
/// One JSON object a line in, one a line out, in the same order. Lines are worked on together, so that a pipe is fast, and an
/// answer is written as soon as those before it are, so that a person can type.
/// </summary>
internal static class JsonLines
{
    // Bounds what a fast pipe can pile up.
    private const int MaxLinesAhead = 1024;
    private const int MaxLineLength = 32 << 20;

    /// <summary>Answers the lines of standard input on standard output, both in UTF-8 whatever the locale.</summary>
    /// <returns>Whether every line was answered.</returns>
    public static async Task<bool> RunOnConsoleAsync(Func<JsonElement, Task<JsonObject>> answer)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        return await RunAsync(input, output, answer);
    }

    /// <summary>Answers each line that is not blank. A line that cannot be answered gives <c>{"error": {"message"}}</c>.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="output">The answers.</param>
    /// <param name="answer">Answers one; what it throws as <see cref="JsonLineException"/> is the person's fault.</param>
    /// <returns>Whether every line was answered.</returns>
    public static async Task<bool> RunAsync(TextReader input, TextWriter output, Func<JsonElement, Task<JsonObject>> answer)
    {
        var answers = Channel.CreateBounded<Task<JsonObject>>(MaxLinesAhead);
        // A console is read by a thread that waits.
        var reading = Task.Run(() => ReadAsync(input, answers.Writer, answer));
        bool all = true;
        await foreach (var pending in answers.Reader.ReadAllAsync())
        {
            JsonObject line;
            try
            {
                line = await pending;
            }
            catch (JsonLineException fault)
            {
                all = false;
                line = new() { ["error"] = new JsonObject { ["message"] = fault.Message } };
            }

            await output.WriteLineAsync(line.ToJsonString());
            if (!answers.Reader.TryPeek(out _))
                await output.FlushAsync();
        }

        await reading;
        await output.FlushAsync();
        return all;
    }

    private static async Task ReadAsync(TextReader input, ChannelWriter<Task<JsonObject>> answers, Func<JsonElement, Task<JsonObject>> answer)
    {
        try
        {
            while (await input.ReadLineAsync() is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    await answers.WriteAsync(AnswerAsync(line, answer));
            }

            answers.Complete();
        }
        catch (Exception fault)
        {
            answers.Complete(fault);
        }
    }

    private static async Task<JsonObject> AnswerAsync(string line, Func<JsonElement, Task<JsonObject>> answer)
    {
        if (line.Length > MaxLineLength)
            throw new JsonLineException($"The line has {line.Length} characters; at most {MaxLineLength} are read.");
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? await answer(document.RootElement)
                : throw new JsonLineException("The line is no JSON object.");
        }
        catch (JsonException fault)
        {
            throw new JsonLineException($"The line is no JSON: {fault.Message}");
        }
    }

    /// <summary>A text of an object; null if it is absent.</summary>
    public static string? Text(this JsonElement line, string name)
    {
        if (!line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String ? Decoded(value, name) : throw new JsonLineException($"{name} must be a text.");
    }

    /// <summary>A list of texts that must be there.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => Decoded(item, name))]
            : throw new JsonLineException($"{name} must be a list of texts.");

    private static string Decoded(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonLineException($"{name} is not text: it holds half of a surrogate pair.");
        }
    }
}

/// <summary>A line that cannot be answered; the message is for the person who wrote it.</summary>
internal sealed class JsonLineException(string message) : Exception(message);
