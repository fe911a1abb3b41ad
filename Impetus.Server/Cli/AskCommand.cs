using System.CommandLine;
using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>`impetus ask`: an answer from the library, streamed, with its citations below.</summary>
internal static class AskCommand
{
    private static readonly string[] Modes = ["hybrid", "words", "dense", "agentic", "extract"];

    public static void AddTo(Command root, CommandStreams streams)
    {
        var question = new Argument<string[]>("question") { Description = "What you want to know; several words are one question.", Arity = ArgumentArity.OneOrMore };
        var collections = new Option<string[]>("--collection") { Description = "Only this collection; may be given several times.", HelpName = "name" };
        var most = new Option<int>("--top-k") { Description = "At most so many passages.", HelpName = "number", DefaultValueFactory = _ => 5 };
        var mode = new Option<string>("--mode") { Description = $"{string.Join(", ", Modes)}.", HelpName = "mode", DefaultValueFactory = _ => Modes[0] };
        mode.AcceptOnlyFromAmong(Modes);
        var conversation = new Option<string?>("--conversation") { Description = "Continues the conversation that is kept under this name, or begins it.", HelpName = "name" };
        var asJson = new Option<bool>("--json") { Description = "Write the whole answer as JSON, for scripts." };
        var settings = new SettingOptions();
        var command = new Command("ask", "Answers a question from your documents, or says that they do not say it.") { question, collections, most, mode, conversation, asJson };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var read = settings.Read(parsed);
            await using var server = await ServerConnection.OpenAsync(read, cancel);
            bool json = parsed.GetValue(asJson);
            Action<Utf8JsonWriter> body = writer => Write(
                writer, read.Model, string.Join(' ', parsed.GetRequiredValue(question)), parsed.GetValue(collections) ?? [], parsed.GetValue(most),
                parsed.GetValue(mode)!, parsed.GetValue(conversation), stream: !json);
            if (json)
                await streams.WriteJsonAsync((await AnswerAsync(server.Client, body, cancel)).WriteTo);
            else
                await StreamAsync(server.Client, body, streams, cancel);
            return ExitCode.Ok;
        });
        root.Subcommands.Add(command);
    }

    private static async Task<JsonElement> AnswerAsync(HttpClient client, Action<Utf8JsonWriter> body, CancellationToken cancel)
    {
        using var content = JsonWriting.Content(body);
        using var response = await client.PostAsync("/v1/chat/completions", content, cancel);
        return await ServerConnection.ReadAsync(response, cancel);
    }

    private static async Task StreamAsync(HttpClient client, Action<Utf8JsonWriter> body, CommandStreams streams, CancellationToken cancel)
    {
        JsonElement? citations = null;
        var output = streams.Text;
        await foreach (var step in ChatEvents.SendAsync(client, body, cancel))
        {
            await output.WriteAsync(TerminalText.Safe(ChatEvents.Text(step)));
            await output.FlushAsync(cancel);
            if (step.TryGetProperty("citations", out var told))
                citations = told;
        }

        await output.WriteLineAsync();
        if (citations is { } cited)
        {
            var profile = streams.Console.Profile;
            new CitationText(output, links: profile.Out.IsTerminal && profile.Capabilities is { Ansi: true, Links: true }).Write(cited);
        }
    }

    private static void Write(
        Utf8JsonWriter json, string model, string question, string[] collections, int most, string mode, string? conversation, bool stream)
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteBoolean("stream", stream);
        json.WriteStartArray("messages");
        json.WriteStartObject();
        json.WriteString("role", "user");
        json.WriteString("content", question);
        json.WriteEndObject();
        json.WriteEndArray();
        if (conversation is not null)
            json.WriteString("conversation_id", conversation);
        json.WriteStartObject("retrieval");
        json.WriteString("mode", mode);
        json.WriteNumber("top_k", most);
        if (collections.Length > 0)
            json.WriteList("collections", collections, json.WriteStringValue);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
