using System.CommandLine;
using System.Text.Json;
using Impetus.Engine.Embedding;

namespace Impetus.Server.Cli;

/// <summary>`impetus embed`: texts into vectors, JSON lines in and out, in a process of its own.</summary>
internal static class EmbedCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var model = new LocalModel("embedding model");
        var command = new Command(
            "embed",
            "Embeds texts: reads {\"text\", \"prompt\"?, \"input_type\"?, \"dimensions\"?} and writes {\"embedding\", \"tokens\"}, a line each.");
        model.AddTo(command);
        command.SetAction((parsed, cancel) => model.UseAsync(
            parsed,
            (folder, engine) => Embedder.LoadAsync(folder, engine.Backend, engine.Thread),
            async embedder =>
            {
                await JsonLines.RunAsync(streams.Input, streams.Output, line => AnswerAsync(embedder, line), JsonLines.Many, cancel);
                return ExitCode.Ok;
            }));
        root.Subcommands.Add(command);
    }

    private static async Task<Action<Utf8JsonWriter>> AnswerAsync(Embedder embedder, JsonElement line)
    {
        string text = line.Text("text") ?? throw new JsonLineException("text is missing.");
        var options = new EmbedOptions { Prefix = line.Text("prompt"), InputType = ReadType(line), Dimensions = line.Count("dimensions", 1) };
        if (options.Prefix is not null && options.InputType is not null)
            throw new JsonLineException("prompt and input_type exclude each other.");
        var embedding = (await embedder.EmbedAsync([text], options))[0];
        return json =>
        {
            json.WriteNumbers("embedding", embedding.Vector);
            json.WriteNumber("tokens", embedding.TokenCount);
            if (embedding.Truncated)
                json.WriteBoolean("truncated", true);
        };
    }

    private static InputType? ReadType(JsonElement line) => line.Text("input_type") switch
    {
        null => null,
        "query" => InputType.Query,
        "document" => InputType.Document,
        _ => throw new JsonLineException("input_type must be query or document."),
    };
}
