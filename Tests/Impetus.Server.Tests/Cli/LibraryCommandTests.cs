using System.Text.Json;
using Impetus.Server.Tests.Support;
using ExitCode = Impetus.Server.Cli.ExitCode;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus add`, `search` and `documents`, beside a server that listens on a real socket, with the starter embedding model.</summary>
public sealed class LibraryCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _files = new();
    private RunningServer _running = null!;

    public async ValueTask InitializeAsync() => _running = await RunningServer.OnSocketsAsync();

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_folder_is_added_found_listed_shown_and_deleted()
    {
        string harbour = Write("notes/harbour.txt", "The harbour of Rotterdam is the largest of Europe.");
        Write("notes/deep/roof.md", "# Roofs\n\nRoofs are flat in dry countries.");
        Write("notes/.impetusignore", "secret*");
        Write("notes/secret.txt", "Nobody must find this.");

        var added = await RunAsync("add", Path.Combine(_files.Path, "notes"), "--collection", "letters");
        Assert.Equal((ExitCode.Ok, ""), (added.ExitCode, added.Error));
        Assert.EndsWith("2 created.\n", added.Output, StringComparison.Ordinal);

        var found = Json(await RunAsync("search", "largest", "port", "of", "Europe", "--collection", "letters", "--json"));
        string id = found.GetProperty("data")[0].Text("document_id");
        Assert.Equal(harbour, found.GetProperty("data")[0].Text("source"));
        Assert.Contains("Rotterdam", (await RunAsync("search", "largest port")).Output, StringComparison.Ordinal);

        Assert.Equal(2, Json(await RunAsync("documents", "list", "--json")).GetProperty("data").GetArrayLength());
        Assert.Contains(id, (await RunAsync("documents")).Output.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.Contains("Rotterdam", (await RunAsync("documents", "show", id)).Output, StringComparison.Ordinal);
        Assert.Equal($"Deleted {id}.\n", (await RunAsync("documents", "delete", id)).Output);
        Assert.Single(Json(await RunAsync("documents", "list", "--json")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task What_was_added_is_not_added_twice_and_what_changed_is_replaced()
    {
        string path = Write("harbour.txt", "The old harbour.");
        Assert.Equal("created", Outcome(await RunAsync("add", path, "--json")));
        Assert.Equal("unchanged", Outcome(await RunAsync("add", path, "--json")));
        Write("harbour.txt", "The new harbour.");
        Assert.Equal("replaced", Outcome(await RunAsync("add", path, "--json")));
    }

    [Fact]
    public async Task A_large_file_is_waited_for()
    {
        string path = Write("large.txt", $"A harbour.{new string('\n', 300_000)}A roof.");
        Assert.Equal("added", Outcome(await RunAsync("add", path, "--json")));
        Assert.NotEmpty(Json(await RunAsync("search", "harbour", "--mode", "words", "--json")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_fails_alone_and_says_why()
    {
        string good = Write("roof.txt", "Roofs are flat."), bad = Write("broken.docx", "no archive");
        var run = await RunAsync("add", good, bad, "--json");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        var answer = Json(run);
        Assert.Equal((1, 1), (answer.GetProperty("created").GetInt32(), answer.GetProperty("failed").GetInt32()));
        Assert.Equal((bad, "failed"), (answer.GetProperty("files")[1].Text("path"), answer.GetProperty("files")[1].Text("outcome")));
        Assert.NotEmpty(answer.GetProperty("files")[1].Text("code"));
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_a_fault_of_usage()
    {
        var run = await RunAsync("add", Path.Combine(_files.Path, "nothing"));
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Contains("There is no file or folder", run.Error, StringComparison.Ordinal);
        Assert.Contains("no document", (await RunAsync("documents", "show", "doc_none")).Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_files.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static JsonElement Json(CommandRun run) => JsonElement.Parse(run.Output);

    private static string Outcome(CommandRun run) => Json(run).GetProperty("files")[0].Text("outcome");

    private Task<CommandRun> RunAsync(params string[] words) =>
        CommandRun.Of([], [.. words, "--home", _running.Home.Path, "--port", $"{_running.Server.Address.Port}"]);
}
