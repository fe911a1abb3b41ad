using Impetus.Engine.Hub;
using Impetus.Server.Cli;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus models` beside a server that listens on a real socket.</summary>
public sealed class ModelsCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _user = new();
    private RunningServer _running = null!;

    public async ValueTask InitializeAsync() => _running = await RunningServer.OnSocketsAsync();

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _user.Dispose();
    }

    [Theory]
    [InlineData("models")]
    [InlineData("models list")]
    public async Task Models_are_listed_for_people_and_for_scripts(string words)
    {
        string folder = Directory.CreateDirectory(_running.Home.Combine("models", "org", "some-GGUF")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "some-Q4.gguf"), new byte[3_000_000]);
        string shown = (await RunAsync(words.Split(' '))).Output.ReplaceLineEndings(" ");
        Assert.Contains(StarterModels.Chat, shown, StringComparison.Ordinal);
        Assert.Contains("on disk", shown, StringComparison.Ordinal);
        Assert.Contains("cannot run", shown, StringComparison.Ordinal);
        Assert.Contains("Its weights are GGUF", shown, StringComparison.Ordinal);
        Assert.Contains("3 MB", shown, StringComparison.Ordinal);
        Assert.Contains($"\"id\": \"{StarterModels.Chat}\"", (await RunAsync([.. words.Split(' '), "--json"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_shown_with_all_that_is_known()
    {
        string shown = (await RunAsync("models", "show", StarterModels.Chat)).Output;
        foreach (string part in (string[])["llama, 4-bit affine, groups of 32", "8192 tokens", "Apache License", "chat, completion", "starter"])
            Assert.Contains(part, shown, StringComparison.Ordinal);
        Assert.Contains("does not exist here", (await RunAsync("models", "show", "no/body")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_added_and_removed_by_its_id_or_by_its_path()
    {
        string folder = Copy();
        Assert.StartsWith("local/mine\nNoted where it is.", (await RunAsync("models", "add", folder)).Output, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, "local/mine is forgotten. Its files stay where they are.\n"), await OutcomeAsync("models", "remove", "local/mine"));
        await RunAsync("models", "add", folder);
        Assert.Equal((ExitCode.Ok, $"{folder} is forgotten. Its files stay where they are.\n"), await OutcomeAsync("models", "remove", folder));
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public async Task Files_are_deleted_only_when_that_was_said()
    {
        string copy = _running.Home.Combine("models", "my-org", "bert");
        Assert.Equal((ExitCode.Ok, "my-org/bert\nCopied.\n"), await OutcomeAsync("models", "add", Copy(), "--copy", "--id", "my-org/bert"));
        Assert.Equal((ExitCode.Fault, ""), await OutcomeAsync("models", "remove", "my-org/bert"));
        Assert.True(File.Exists(Path.Combine(copy, "model.safetensors")));
        Assert.Equal((ExitCode.Ok, "my-org/bert is removed, and its files are deleted.\n"), await OutcomeAsync("models", "remove", "my-org/bert", "--yes"));
        Assert.False(Directory.Exists(copy));
    }

    [Theory]
    [InlineData("models load org/name")]
    [InlineData("models unload org/name")]
    [InlineData("models switch org/name")]
    public async Task What_only_a_running_server_can_do_says_that_none_runs(string words)
    {
        int port = _running.Server.Address.Port;
        await _running.Server.DisposeAsync();
        var run = await CommandRun.Of([], [.. words.Split(' '), "--home", _running.Home.Path, "--port", $"{port}"]);
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains("Start it with: impetus serve", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(119, "1 min")]
    [InlineData(3_900, "1 h 05 min")]
    [InlineData(200_000, "2 d 7 h")]
    public void Durations_are_told_in_two_units_at_most(int seconds, string text) => Assert.Equal(text, Amounts.Duration(TimeSpan.FromSeconds(seconds)));

    private string Copy()
    {
        string folder = _user.Combine("mine"), from = Fixture.Path("encoders", "bert-mean");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    private async Task<(int ExitCode, string Output)> OutcomeAsync(params string[] words)
    {
        var run = await RunAsync(words);
        return (run.ExitCode, run.Output);
    }

    private Task<CommandRun> RunAsync(params string[] words) =>
        CommandRun.Of([], [.. words, "--home", _running.Home.Path, "--port", $"{_running.Server.Address.Port}"]);
}
