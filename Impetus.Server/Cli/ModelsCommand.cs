using System.CommandLine;
using System.Text.Json;
using Impetus.Engine;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus models`: what is on this machine and in memory; models are added, removed, loaded, unloaded and switched.</summary>
internal static class ModelsCommand
{
    public static void AddTo(Command root, CommandStreams streams)
    {
        var models = new Command("models", "Lists the models on this machine, and adds, removes, loads, unloads and switches them.")
        {
            List(new Command("list", "Lists every model on this machine: what it is for, whether it is in memory, and why it cannot run if it cannot."), streams),
            Show(streams), Add(streams), Remove(streams), Load(streams), Unload(streams), Switch(streams),
        };
        root.Subcommands.Add(List(models, streams));
    }

    private static Command List(Command command, CommandStreams streams)
    {
        ClientAction.Set(command, null, async (server, _, asJson, cancel) =>
        {
            var answer = await server.GetAsync("/api/models", cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                ModelList.Write(streams.Console, answer.GetProperty("data"));
        }, ServerNeed.Any);
        return command;
    }

    private static Command Show(CommandStreams streams)
    {
        var command = new Command("show", "Tells all that is known of a model.");
        ClientAction.Set(command, "The model's id.", async (server, id, asJson, cancel) =>
        {
            var answer = await server.GetAsync($"/api/models/{id}", cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                ModelDetails.Write(streams.Console, answer);
        }, ServerNeed.Any);
        return command;
    }

    private static Command Add(CommandStreams streams)
    {
        var copy = new Option<bool>("--copy") { Description = "Copy the files into the data directory, rather than use them where they are." };
        var id = new Option<string?>("--id") { Description = "What to call the model (org/name).", HelpName = "id" };
        var command = new Command("add", "Adds a folder with a model, or with several. A folder on a network volume is copied.") { copy, id };
        ClientAction.Set(command, "The folder.", parsed => async (server, folder, asJson, cancel) =>
        {
            Task<JsonElement> SendAsync(CancellationToken stop) => server.PostAsync("/api/models", json =>
            {
                json.WriteString("path", Path.GetFullPath(folder));
                json.WriteBoolean("copy", parsed.GetValue(copy));
                json.WriteString("id", parsed.GetValue(id));
            }, stop);
            var answer = await ModelProgress.FollowAsync(streams, server, null, SendAsync, asJson, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync(
                    $"{string.Join("\n", answer.GetProperty("models").EnumerateArray().Select(model => model.GetString()))}\n{answer.GetProperty("message").GetString()}");
        }, ServerNeed.Any);
        return command;
    }

    private static Command Remove(CommandStreams streams)
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before files are deleted." };
        var command = new Command(
            "remove", "Removes a model. Files in the data directory are deleted; files of yours that were only added, and those of other programs, never are.") { yes };
        ClientAction.Set(command, "The model's id, or a folder that was added.", parsed => async (server, name, asJson, cancel) =>
        {
            bool isFolder = Path.IsPathRooted(name) || Directory.Exists(name);
            if (!isFolder && !parsed.GetValue(yes) && !await ConfirmAsync(streams, await server.GetAsync($"/api/models/{name}", cancel), cancel))
                throw new ServerAnswerException("Nothing was removed.");
            string path = isFolder ? $"/api/models?path={Uri.EscapeDataString(Path.GetFullPath(name))}" : $"/api/models/{name}";
            var answer = await server.DeleteAsync(path, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync(answer.GetProperty("message").GetString());
        }, ServerNeed.Any);
        return command;
    }

    /// <summary>Asks before files go. Where nobody can be asked, they stay.</summary>
    private static async Task<bool> ConfirmAsync(CommandStreams streams, JsonElement model, CancellationToken cancel)
    {
        if (model.GetProperty("origin").GetString() != "installed")
            return true;
        if (Console.IsInputRedirected)
            throw new ServerAnswerException($"{model.GetProperty("path").GetString()} would be deleted. Say so with --yes.");
        await streams.Error.WriteAsync($"Delete {model.GetProperty("path").GetString()} ({ByteCount.Text(model.GetProperty("size_bytes").GetInt64())})? [y/N] ");
        using var lines = new StreamReader(streams.Input, leaveOpen: true);
        return await lines.ReadLineAsync(cancel) is { } line && line.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static Command Load(CommandStreams streams)
    {
        var time = new Option<string?>("--for") { Description = "How long it stays after its last request, such as 10m; -1 for ever. Also in later runs.", HelpName = "time" };
        var pin = new Option<bool>("--pin") { Description = "Keep it until it is unloaded by name. Also in later runs." };
        var command = new Command("load", "Brings a model into memory.") { time, pin };
        ClientAction.Set(command, "The model's id.", parsed => async (server, id, asJson, cancel) =>
        {
            Task<JsonElement> SendAsync(CancellationToken stop) => server.PostAsync("/api/models/load", json =>
            {
                json.WriteString("model", id);
                json.WriteString("keep_alive", parsed.GetValue(time));
                if (parsed.GetValue(pin))
                    json.WriteBoolean("pinned", true);
            }, stop);
            var answer = await ModelProgress.FollowAsync(streams, server, id, SendAsync, asJson, cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync($"{id} is in memory: {ByteCount.Text(answer.GetProperty("resident").GetProperty("memory_bytes").GetInt64())} of weights, on {answer.GetProperty("resident").GetProperty("backend").GetString()}.");
        }, ServerNeed.Running);
        return command;
    }

    private static Command Unload(CommandStreams streams)
    {
        var now = Now();
        var command = new Command("unload", "Gives a model's memory back, when its requests are over.") { now };
        ClientAction.Set(command, "The model's id.", parsed => async (server, id, asJson, cancel) =>
        {
            var answer = await server.PostAsync("/api/models/unload", json => Leave(json, id, parsed.GetValue(now)), cancel);
            if (asJson)
                await streams.WriteJsonAsync(answer.WriteTo);
            else
                await streams.Text.WriteLineAsync(Ended(answer));
        }, ServerNeed.Running);
        return command;
    }

    private static Command Switch(CommandStreams streams)
    {
        var now = Now();
        var command = new Command("switch", "Puts a chat model in the place of the others, when their requests are over.") { now };
        ClientAction.Set(command, "The model's id.", parsed => async (server, id, asJson, cancel) =>
        {
            var answer = await ModelProgress.FollowAsync(
                streams, server, id, stop => server.PostAsync("/api/models/switch", json => Leave(json, id, parsed.GetValue(now)), stop), asJson, cancel);
            if (asJson)
            {
                await streams.WriteJsonAsync(answer.WriteTo);
                return;
            }

            foreach (var gone in answer.GetProperty("unloaded").EnumerateArray())
                await streams.Text.WriteLineAsync(Ended(gone));
            await streams.Text.WriteLineAsync($"{id} is in memory.");
        }, ServerNeed.Running);
        return command;
    }

    private static Option<bool> Now() => new("--now") { Description = "End running requests with an error, rather than wait for them." };

    private static void Leave(Utf8JsonWriter json, string id, bool now)
    {
        json.WriteString("model", id);
        if (now)
            json.WriteNumber("drain_seconds", 0);
    }

    private static string Ended(JsonElement unloaded)
    {
        string id = unloaded.GetProperty("model").GetString()!;
        return unloaded.GetProperty("ended").GetString() switch
        {
            "not_loaded" => $"{id} was not in memory.",
            "idle" => $"{id} is unloaded.",
            "drained" => $"{id} is unloaded; its requests could finish.",
            _ when unloaded.GetProperty("cancelled_requests").GetInt32() is not 1 and var many => $"{id} is unloaded; {many} requests were ended with an error.",
            _ => $"{id} is unloaded; one request was ended with an error.",
        };
    }
}
