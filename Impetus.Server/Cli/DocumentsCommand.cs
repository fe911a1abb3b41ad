using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus documents`: what the library holds.</summary>
internal static class DocumentsCommand
{
    private const int PageSize = 200;

    public static void AddTo(Command root, CommandStreams streams)
    {
        var list = new Command("list", "Lists all documents, newest first.");
        var command = new Command("documents", "Lists, shows and deletes documents.") { list, Show(streams), QuoteCommand.Create(streams), Delete(streams) };
        SetList(list, streams);
        SetList(command, streams);
        root.Subcommands.Add(command);
    }

    private static void SetList(Command command, CommandStreams streams)
    {
        var collection = AddCommand.CollectionOption("Only documents of this collection.");
        var asJson = new Option<bool>("--json") { Description = "Write JSON, for scripts." };
        var settings = new SettingOptions();
        command.Options.Add(collection);
        command.Options.Add(asJson);
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var server = await ServerConnection.OpenAsync(settings.Read(parsed), cancel);
            var documents = await AllAsync(server.Client, parsed.GetValue(collection), cancel);
            if (parsed.GetValue(asJson))
            {
                await streams.WriteJsonAsync(json =>
                {
                    json.WriteStartObject();
                    json.WriteList("data", documents, document => document.WriteTo(json));
                    json.WriteEndObject();
                });
                return ExitCode.Ok;
            }

            var table = new Table().AddColumn(new TableColumn("Id").NoWrap()).AddColumns("Title", "Collection", "Pages", "Passages", "Added");
            foreach (var document in documents)
                table.AddRow([.. Row(document).Select(Markup.Escape)]);
            if (documents.Count > 0)
                streams.Console.Write(table);
            else
                streams.Console.WriteLine("There are no documents. Add some with: impetus add PATH");
            return ExitCode.Ok;
        });
    }

    private static Command Show(CommandStreams streams)
    {
        var command = new Command("show", "Shows what is known of a document, and its text.");
        ClientAction.Set(command, "The document's id.", async (server, id, asJson, cancel) =>
        {
            string path = $"/v1/documents/{Uri.EscapeDataString(id)}";
            using var response = await server.Client.GetAsync(path, cancel);
            var document = await ServerConnection.ReadAsync(response, cancel);
            using var content = await server.Client.GetAsync($"{path}/content", cancel);
            string text = (await ServerConnection.ReadAsync(content, cancel)).GetProperty("text").GetString()!;
            if (asJson)
            {
                await streams.WriteJsonAsync(json =>
                {
                    json.WriteStartObject();
                    foreach (var member in document.EnumerateObject())
                        member.WriteTo(json);
                    json.WriteText("text", text);
                    json.WriteEndObject();
                });
                return;
            }

            var facts = new Grid().AddColumn().AddColumn();
            foreach (var member in document.EnumerateObject().Where(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number))
                facts.AddRow(Markup.Escape(member.Name), Markup.Escape(member.Value.ToString()));
            streams.Console.Write(facts);
            streams.Console.WriteLine();
            streams.Console.WriteLine(text);
        });
        return command;
    }

    private static Command Delete(CommandStreams streams)
    {
        var command = new Command("delete", "Deletes a document: its text is gone from the library's file when the command returns.");
        ClientAction.Set(command, "The document's id.", async (server, id, asJson, cancel) =>
        {
            using var response = await server.Client.DeleteAsync($"/v1/documents/{Uri.EscapeDataString(id)}", cancel);
            var answer = await ServerConnection.ReadAsync(response, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync($"Deleted {id}.");
        });
        return command;
    }

    private static async Task<List<JsonElement>> AllAsync(HttpClient client, string? collection, CancellationToken cancel)
    {
        var documents = new List<JsonElement>();
        string path = $"/v1/documents?limit={PageSize}" + (collection is null ? "" : $"&collection={Uri.EscapeDataString(collection)}");
        for (string? after = ""; after is not null;)
        {
            using var response = await client.GetAsync(after.Length == 0 ? path : $"{path}&after={after}", cancel);
            var page = await ServerConnection.ReadAsync(response, cancel);
            documents.AddRange(page.GetProperty("data").EnumerateArray());
            after = page.GetProperty("next").GetString();
        }

        return documents;
    }

    private static string[] Row(JsonElement document) =>
    [
        document.GetProperty("id").GetString()!,
        document.GetProperty("title").GetString()!,
        document.GetProperty("collection").GetString()!,
        document.GetProperty("pages").GetRawText(),
        document.GetProperty("chunks").GetRawText(),
        DateTimeOffset.FromUnixTimeSeconds(document.GetProperty("created").GetInt64()).ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
    ];
}
