using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Engine.Embedding;

namespace Impetus.Server.Cli;

/// <summary>`impetus embed`: texts into vectors, JSON lines in and out, in a process of its own.</summary>
internal static class EmbedCommand
{
    public static void AddTo(Command root)
    {
        var model = new LocalModel("embedding model");
        var command = new Command(
            "embed",
            "Embeds texts: reads {\"text\", \"prompt\"?, \"input_type\"?, \"dimensions\"?} and writes {\"embedding\", \"tokens\"}, a line each.");
        model.AddTo(command);
        command.SetAction((parsed, _) => model.UseAsync(
            parsed,
            (folder, engine) => Embedder.LoadAsync(folder, engine.Backend, engine.Thread),
            async embedder => await JsonLines.RunOnConsoleAsync(line => EmbedAsync(embedder, line)) ? ExitCode.Ok : ExitCode.Fault));
        root.Subcommands.Add(command);
    }

    internal static async Task<JsonObject> EmbedAsync(Embedder embedder, JsonElement line)
    {
        string text = line.Text("text") ?? throw new JsonLineException("text is missing.");
        var options = new EmbedOptions { Prefix = line.Text("prompt"), InputType = ReadType(line), Dimensions = ReadDimensions(line) };
        if (options.Prefix is not null && options.InputType is not null)
            throw new JsonLineException("prompt and input_type exclude each other.");
        try
        {
            var embedding = (await embedder.EmbedAsync([text], options))[0];
            var answer = new JsonObject
            {
                ["embedding"] = new JsonArray([.. embedding.Vector.Select(number => (JsonNode)number)]),
                ["tokens"] = embedding.TokenCount,
            };
            if (embedding.Truncated)
                answer["truncated"] = true;
            return answer;
        }
        catch (EmbeddingException fault)
        {
            throw new JsonLineException(fault.Message);
        }
    }

    private static InputType? ReadType(JsonElement line) => line.Text("input_type") switch
    {
        null => null,
        "query" => InputType.Query,
        "document" => InputType.Document,
        _ => throw new JsonLineException("input_type must be query or document."),
    };

    private static int? ReadDimensions(JsonElement line)
    {
        if (!line.TryGetProperty("dimensions", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int dimensions)
            ? dimensions
            : throw new JsonLineException("dimensions must be a whole number.");
    }
}
