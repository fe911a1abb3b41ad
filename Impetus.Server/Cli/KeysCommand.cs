using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus keys`: named keys of the running server, one for each program.</summary>
internal static class KeysCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var keys = new Command("keys", "Lists, makes and revokes keys, one for each program that uses the server.")
        {
            List(streams), Add(streams), Revoke(streams),
        };
        root.Subcommands.Add(keys);
    }

    private static Command List(CommandStreams streams)
    {
        var command = new Command("list", "Lists the named keys, without the keys themselves.");
        ClientAction.Set(command, null, async (server, _, asJson, cancel) =>
        {
            using var response = await server.Client.GetAsync("/api/keys", cancel);
            var answer = await ServerConnection.ReadAsync(response, cancel);
            if (asJson)
            {
                await streams.WriteJsonAsync(answer.WriteTo);
                return;
            }

            var table = new Table().AddColumns("Name", "Made");
            foreach (var key in answer.GetProperty("data").EnumerateArray())
            {
                var made = DateTimeOffset.FromUnixTimeSeconds(key.GetProperty("created").GetInt64()).ToLocalTime();
                table.AddRow(Markup.Escape(key.GetProperty("name").GetString()!), made.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
            }

            if (table.Rows.Count > 0)
                streams.Console.Write(table);
            else
                streams.Console.WriteLine("There are no named keys. Make one with: impetus keys add NAME");
        });
        return command;
    }

    private static Command Add(CommandStreams streams)
    {
        var command = new Command("add", "Makes a key and shows it, this once.");
        ClientAction.Set(command, "What the key is for.", async (server, name, asJson, cancel) =>
        {
            using var content = new ByteArrayContent(NameJson(name));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await server.Client.PostAsync("/api/keys", content, cancel);
            var answer = await ServerConnection.ReadAsync(response, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync(answer.GetProperty("key").GetString());
        });
        return command;
    }

    private static Command Revoke(CommandStreams streams)
    {
        var command = new Command("revoke", "Makes a key useless, at once.");
        ClientAction.Set(command, "The key's name.", async (server, name, asJson, cancel) =>
        {
            using var response = await server.Client.DeleteAsync($"/api/keys/{Uri.EscapeDataString(name)}", cancel);
            var answer = await ServerConnection.ReadAsync(response, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync($"The key {name} opens nothing any more.");
        });
        return command;
    }

    private static byte[] NameJson(string name)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
