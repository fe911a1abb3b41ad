using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus search`: passages of the library.</summary>
internal static class SearchCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var query = new Argument<string[]>("query") { Description = "What is sought; several words are one question.", Arity = ArgumentArity.OneOrMore };
        var collections = new Option<string[]>("--collection") { Description = "Only this collection; may be given several times.", HelpName = "name" };
        var most = new Option<int>("--top-k") { Description = "At most so many passages.", HelpName = "number", DefaultValueFactory = _ => 5 };
        var mode = new Option<string>("--mode") { Description = "hybrid, words or dense.", HelpName = "mode", DefaultValueFactory = _ => "hybrid" };
        mode.AcceptOnlyFromAmong("hybrid", "words", "dense");
        var asJson = new Option<bool>("--json") { Description = "Write JSON, for scripts." };
        var settings = new SettingOptions();
        var command = new Command("search", "Finds the passages of documents that speak about something.") { query, collections, most, mode, asJson };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var server = await ServerConnection.OpenAsync(settings.Read(parsed), cancel);
            using var content = JsonWriting.Content(json =>
            {
                json.WriteStartObject();
                json.WriteString("query", string.Join(' ', parsed.GetRequiredValue(query)));
                json.WriteNumber("top_k", parsed.GetValue(most));
                json.WriteString("mode", parsed.GetValue(mode));
                if (parsed.GetValue(collections) is { Length: > 0 } names)
                    json.WriteList("collections", names, json.WriteStringValue);
                json.WriteEndObject();
            });
            using var response = await server.Client.PostAsync("/v1/search", content, cancel);
            var answer = await ServerConnection.ReadAsync(response, cancel);
            if (parsed.GetValue(asJson))
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                Show(streams.Console, answer);
            return ExitCode.Ok;
        });
        root.Subcommands.Add(command);
    }

    private static void Show(IAnsiConsole console, JsonElement answer)
    {
        int number = 0;
        foreach (var found in answer.GetProperty("data").EnumerateArray())
        {
            string page = found.GetProperty("page") is { ValueKind: JsonValueKind.Number } p ? $", page {p.GetRawText()}" : "";
            string place = found.GetProperty("source").GetString() ?? found.GetProperty("document_id").GetString()!;
            string score = found.GetProperty("score").GetDouble().ToString("0.00", CultureInfo.InvariantCulture);
            console.MarkupLineInterpolated($"[bold]{++number}. {found.GetProperty("title").GetString()}{page}[/] ({score})");
            console.WriteLine($"{place}, {found.GetProperty("start").GetRawText()}-{found.GetProperty("end").GetRawText()}");
            console.WriteLine(found.GetProperty("text").GetString()!.Trim());
            console.WriteLine();
        }

        if (number == 0)
            console.WriteLine("Nothing was found.");
        else if (answer.GetProperty("signals").GetProperty("off_topic").GetBoolean())
            console.WriteLine("The library seems to hold nothing about this: what is above is merely nearest.");
    }
}
