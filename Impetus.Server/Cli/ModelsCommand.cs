using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus models`: the models that the running server can use.</summary>
internal static class ModelsCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var command = new Command("models", "Lists the models that are here: what they are for, their context, weights and size.");
        ClientAction.Set(command, null, async (server, _, asJson, cancel) =>
        {
            using var response = await server.Client.GetAsync("/v1/models", cancel);
            var answer = await ServerConnection.ReadAsync(response, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                Show(streams.Console, answer.GetProperty("data"));
        });
        root.Subcommands.Add(command);
    }

    private static void Show(IAnsiConsole console, JsonElement models)
    {
        var table = new Table().AddColumn(new TableColumn("Model").NoWrap()).AddColumns("For", "Context", "Weights", "Size");
        foreach (var model in models.EnumerateArray())
        {
            table.AddRow([.. new[]
            {
                model.GetProperty("id").GetString()!,
                string.Join(", ", model.GetProperty("capabilities").EnumerateArray().Select(use => use.GetString())),
                model.TryGetProperty("context_length", out var context) && context.ValueKind == JsonValueKind.Number ? context.GetRawText() : "",
                $"{model.GetProperty("architecture").GetString()}, {model.GetProperty("quantization").GetString()}",
                string.Create(CultureInfo.InvariantCulture, $"{model.GetProperty("size_bytes").GetInt64() / 1e6:0} MB"),
            }.Select(Markup.Escape)]);
        }

        console.Write(table);
    }
}
