using System.Text.Json;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>
/// The command as <c>Packaging/publish.sh</c> makes it for a Mac, once for all tests. <c>IMPETUS_PUBLISHED</c> names the folder of an earlier run
/// of the script, which spares the minutes.
/// </summary>
public sealed class PublishedCommand : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private string? _temporary;

    /// <summary>What the script calls <c>IMPETUS_OUT</c>.</summary>
    public string Out { get; private set; } = "";

    public string Folder => Path.Combine(Out, "command");

    /// <summary>Every file.</summary>
    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)];

    /// <summary>Names and versions of the packages and runtimes that it holds.</summary>
    public IReadOnlyList<(string Name, string Version)> Packages
    {
        get
        {
            using var deps = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "Impetus.Server.deps.json")));
            return [.. deps.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() is "package" or "runtimepack")
                .Select(library => library.Name.Split('/'))
                .Select(parts => (parts[0].Replace("runtimepack.", "", StringComparison.Ordinal), parts[1]))];
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("IMPETUS_PUBLISHED") is { Length: > 0 } earlier)
        {
            Out = earlier;
            return;
        }

        Out = _temporary = Directory.CreateTempSubdirectory("impetus-published-").FullName;
        var (exit, output) = await Shell.RunAsync(
            "bash", [Path.Combine(Fixture.Repository, "Packaging", "publish.sh")], new() { ["IMPETUS_OUT"] = Out }, Patience);
        Assert.True(exit == 0, output);
    }

    public ValueTask DisposeAsync()
    {
        if (_temporary is not null)
            Directory.Delete(_temporary, recursive: true);
        return ValueTask.CompletedTask;
    }
}
