using System.Net;
using System.Text.Json;
using Impetus.Server.Cli;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus ask` and `impetus documents quote` beside a server that listens on a real socket; search and embeddings are real.</summary>
public sealed class AskCommandTests : IAsyncLifetime
{
    private RunningServer _running = null!;
    private string _file = "";

    public async ValueTask InitializeAsync()
    {
        _running = await RunningServer.OnSocketsAsync();
        _running.Model.Fake.ContextLength = 8192;
        _file = _running.Home.Combine("keeper \u001b[31mnotes.txt");
        await File.WriteAllTextAsync(_file, "Terns nest near the dome. The lamp burns\u001b[2J rapeseed oil. Fog is common.");
        string body = $$"""{"text": {{JsonSerializer.Serialize(await File.ReadAllTextAsync(_file))}}, "title": "Keeper", "source": {{JsonSerializer.Serialize(_file)}}}""";
        Assert.Equal(HttpStatusCode.Created, (await _running.Client.PostJsonAsync("/v1/documents", body)).StatusCode);
    }

    public ValueTask DisposeAsync() => _running.DisposeAsync();

    [Fact]
    public async Task An_answer_comes_with_places_that_a_command_shows()
    {
        _running.Model.Fake.Reply = "The lamp burns rapeseed oil [1]. Gold is heavy.";
        var run = await RunAsync("ask", "which", "oil", "does", "the", "lamp", "burn?");
        string[] lines = run.Output.Split('\n');
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal("The lamp burns rapeseed oil [1]. Gold is heavy.", lines[0]);
        Assert.Equal("[1] Keeper", lines[2]);
        Assert.Equal("    \"The lamp burns[2J rapeseed oil.\"", lines[3]);
        Assert.StartsWith($"    {_running.Home.Path}", lines[4], StringComparison.Ordinal);
        Assert.Contains("One sentence is not supported by the documents.", lines);
        Assert.DoesNotContain('\u001b', run.Output);

        string[] words = lines[5].Trim().Split(' ');
        Assert.Equal(["impetus", "documents", "quote"], words[..3]);
        var shown = await RunAsync(words[1..]);
        Assert.Equal("Terns nest near the dome. »The lamp burns[2J rapeseed oil.« Fog is common.\n", shown.Output);
    }

    [Fact]
    public async Task What_the_documents_do_not_say_is_refused_and_an_extract_needs_no_model()
    {
        var refused = await RunAsync("ask", "Who won the football championship in Brazil?");
        Assert.Equal(ExitCode.Ok, refused.ExitCode);
        Assert.Contains("I cannot answer this from the documents", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("impetus documents quote", refused.Output, StringComparison.Ordinal);

        var extract = JsonElement.Parse((await RunAsync("ask", "Which oil does the lamp burn?", "--mode", "extract", "--json")).Output);
        Assert.Contains("rapeseed oil.", extract.GetProperty("citations")[0].GetProperty("quote").GetString(), StringComparison.Ordinal);
        Assert.Empty(_running.Model.Fake.Requests);
    }

    [Theory]
    [InlineData("keeper 1.pdf", "#page=6")]
    [InlineData("keeper.txt", "")]
    public void A_terminal_that_knows_links_gets_one_to_the_page(string name, string page)
    {
        string file = _running.Home.Combine(name);
        File.WriteAllText(file, "");
        using var output = new StringWriter();
        new CitationText(output, links: true).Write(JsonElement.Parse(
            $$"""[{"supported": true, "evidence": 2, "document_id": "doc_1", "title": "Keeper", "source": {{JsonSerializer.Serialize(file)}}, "page": 6, "start": 3, "end": 9, "quote": "q"}]"""));
        Assert.Contains("[2] Keeper, page 6", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"\u001b]8;;{new Uri(file).AbsoluteUri}{page}\u001b\\{file}\u001b]8;;\u001b\\", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_can_continue_a_conversation()
    {
        await RunAsync("ask", "Which oil does the lamp burn?", "--conversation", "keeper");
        await RunAsync("ask", "Where are the terns near the dome?", "--conversation", "keeper");
        var kept = await (await _running.Client.GetAsync("/v1/conversations/keeper")).JsonAsync();
        Assert.Equal(4, kept.GetProperty("message_count").GetInt32());
    }

    [Theory]
    [InlineData("documents", "quote", "doc", "12")]
    [InlineData("documents", "quote", "doc", "9-3")]
    [InlineData("ask", "why", "--mode", "magic")]
    public async Task A_wrong_word_is_said(params string[] words) => Assert.Equal(ExitCode.Usage, (await RunAsync(words)).ExitCode);

    private Task<CommandRun> RunAsync(params string[] words)
    {
        string[] model = words[0] == "ask" ? ["--model", _running.Model.Id] : [];
        return CommandRun.Of([], [.. words, .. model, "--home", _running.Home.Path, "--port", $"{_running.Server.Address.Port}"]);
    }
}
