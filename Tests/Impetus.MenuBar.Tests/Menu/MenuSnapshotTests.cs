using System.Globalization;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>
/// Each state's menu as a page to read (Snapshots). Set <c>IMPETUS_WRITE_SNAPSHOTS=1</c> to write them anew, and read the difference.
/// </summary>
public sealed class MenuSnapshotTests
{
    private static readonly string Folder = Path.Combine(Fixture.Repository, "Tests", "Impetus.MenuBar.Tests", "Menu", "Snapshots");

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string state in States.All.Keys)
            cases.Add(state, "en");
        foreach (string state in new[] { "first-run", "ready-with-everything", "busy", "ingesting", "loading", "port-taken", "switching-drains" })
            cases.Add(state, "de");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_state_shows_its_menu(string state, string language)
    {
        string actual = MenuText.Render(MenuBuilder.Build(States.All[state], new Strings(new CultureInfo(language))));
        string path = Path.Combine(Folder, $"{state}.{language}.txt");
        if (Environment.GetEnvironmentVariable("IMPETUS_WRITE_SNAPSHOTS") == "1")
            File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"There is no snapshot {path}.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Every_snapshot_belongs_to_a_state()
    {
        var expected = Cases().Select(row => row.Data).Select(data => $"{data.Item1}.{data.Item2}.txt");
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }
}
