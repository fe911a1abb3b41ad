using System.Text.RegularExpressions;

namespace Impetus.Architecture.Tests;

/// <summary>
/// What shows decides nothing. The room is compiled on a Mac alone, so its source is read: small files, no knowledge of states, no files, network
/// or JSON, no texts for people, and hardly a branch.
/// </summary>
public sealed partial class AppKitIsThinTests
{
    private const int MostLines = 120;
    private const int MostBranches = 12;

    private static readonly string Room = Path.Combine(Impetus.Tests.Fixture.Repository, "Impetus.MenuBar", "AppKit");

    public static TheoryData<string> Files() => [.. Directory.EnumerateFiles(Room, "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Room, path))];

    [Fact]
    public void The_room_is_where_it_is_looked_for() => Assert.True(Files().Count > 10);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_small_and_branches_little(string file)
    {
        string source = Read(file);
        Assert.True(source.Count(c => c == '\n') <= MostLines, $"{file} is longer than {MostLines} lines: Menu or App could decide a part of it.");
        int branches = Branch().Count(CodeOf(source));
        Assert.True(branches <= MostBranches, $"{file} has {branches} branches: Menu or App could decide some of them.");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_knows_no_states_and_of_our_rooms_only_those_that_decide(string file)
    {
        string code = CodeOf(Read(file));
        Assert.All(Using().Matches(code), match => Assert.Contains(match.Groups[1].Value, (string[])["Impetus.MenuBar.App", "Impetus.MenuBar.Menu", "Impetus.Server.Hosting"]));
        Assert.DoesNotMatch(@"\b(ServerState|ModelActivity|ModelState|LibraryState|IngestionState|LiveFigures|Allowance|Restraint|PerformanceMode)\b", code);
        Assert.DoesNotMatch(@"\b(HttpClient|File\.|FileStream|JsonDocument|JsonSerializer|Regex|Task\.Run|Thread\.Sleep|Environment\.Exit)", code);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_people_read_lives_in_one_place(string file)
    {
        // A text has words; names of keys and symbols have no white space. What is thrown at programmers is no text for people.
        var texts = Text().Matches(CodeOf(Read(file), keepTexts: true)).Select(match => match.Value).Where(text => text.Contains(' ', StringComparison.Ordinal));
        Assert.Empty(texts);
    }

    [Fact]
    public void Everything_that_shows_asserts_the_main_thread()
    {
        foreach (string file in Files().Select(row => row.Data))
        {
            string code = CodeOf(Read(file));
            if (Regex.IsMatch(code, @": (NSView|NSMenuDelegate|NSApplicationDelegate|PanelWindow|IPlatform|INotifications)\b|class PanelWindow") && !code.Contains(": PanelWindow", StringComparison.Ordinal))
                Assert.True(code.Contains("MainThread.", StringComparison.Ordinal), $"{file} never asserts the main thread.");
        }
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Room, file));

    private static string CodeOf(string source, bool keepTexts = false)
    {
        string code = Comment().Replace(source, "");
        return keepTexts ? Thrown().Replace(code, "throw") : Text().Replace(code, "\"\"");
    }

    [GeneratedRegex(@"\b(if|else|switch|while|for|foreach|case|catch)\b|\?\?=?|\?(?=\s[^;]*\s:)|=>(?=\s*\w+\.\w+,)")]
    private static partial Regex Branch();

    [GeneratedRegex(@"using (Impetus[\w.]+);")]
    private static partial Regex Using();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\$?""(?:[^""\\]|\\.)*""")]
    private static partial Regex Text();

    [GeneratedRegex(@"throw new [\w.]+\([^;]*;")]
    private static partial Regex Thrown();
}
