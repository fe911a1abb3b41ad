using System.Diagnostics;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>The scripts are read by a shell, never run for real: a dry run prints each step and changes nothing.</summary>
public sealed class ScriptTests
{
    private static readonly string Folder = Path.Combine(Fixture.Repository, "Packaging");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Scripts() => [.. Directory.EnumerateFiles(Folder, "*.sh").Select(path => Path.GetFileName(path))];

    public static TheoryData<string> Steps() => [.. Scripts().Select(row => row.Data).Where(name => name != "common.sh")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_is_sound_bash_that_stops_at_the_first_fault(string script)
    {
        var (exit, output) = await RunAsync("bash", "-n", Path.Combine(Folder, script));
        Assert.True(exit == 0, output);
        string text = File.ReadAllText(Path.Combine(Folder, script));
        Assert.True(text.Contains("set -euo pipefail", StringComparison.Ordinal) || text.Contains("/common.sh\" \"$@\"", StringComparison.Ordinal));
        Assert.DoesNotContain("eval ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linter_finds_nothing()
    {
        Assert.SkipUnless(IsInstalled("shellcheck"), "shellcheck is not installed.");
        var scripts = Directory.EnumerateFiles(Folder, "*.sh").Order(StringComparer.Ordinal);
        var (exit, output) = await RunAsync("shellcheck", ["--external-sources", "--source-path=SCRIPTDIR", .. scripts]);
        Assert.True(exit == 0, output);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_dry_run_prints_its_steps_and_changes_nothing(string script)
    {
        string untouched = Path.Combine(Path.GetTempPath(), $"impetus-dry-{Guid.NewGuid():N}");
        var (exit, output) = await RunAsync("bash", [Path.Combine(Folder, script), "--dry-run"], new() { ["IMPETUS_OUT"] = untouched });
        Assert.True(exit == 0, output);
        Assert.Contains(output.Split('\n'), line => line.StartsWith("+ ", StringComparison.Ordinal));
        Assert.False(Path.Exists(untouched));
    }

    [Fact]
    public async Task An_unknown_option_is_refused()
    {
        var (exit, output) = await RunAsync("bash", Path.Combine(Folder, "dmg.sh"), "--fast");
        Assert.Equal(2, exit);
        Assert.Contains("--dry-run", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_signs_from_the_inside_out_and_hardens_what_has_an_identity()
    {
        string[] steps = await StepsAsync("release.sh", identity: "Developer ID Application: Test (TEAM)");
        int Step(string part) => Array.FindIndex(steps, line => line.Contains(part, StringComparison.Ordinal));

        int[] order =
        [
            Step("dotnet publish"), Step("Contents/Frameworks/libmlxc.dylib"), Step("every"), Step("Command.entitlements.plist"),
            Step("--entitlements Entitlements.plist"), Step("--verify --deep --strict"), Step("hdiutil create"), Step("notarytool submit"),
            Step("stapler staple"), Step("shasum"), Step("impetus.rb"),
        ];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
        foreach (string line in steps.Where(line => line.StartsWith("+ codesign --force", StringComparison.Ordinal) && !line.EndsWith(".dmg", StringComparison.Ordinal)))
            Assert.Contains("--options runtime", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_identity_it_says_that_it_signs_ad_hoc_and_hardens_nothing()
    {
        string[] steps = await StepsAsync("sign.sh", identity: "");
        Assert.Contains(steps, line => line.Contains("ad hoc", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, line => line.Contains("--options runtime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_cask_links_the_command_that_the_bundle_holds()
    {
        Assert.Contains(await StepsAsync("bundle.sh"), line => line.EndsWith("Contents/Resources/impetus", StringComparison.Ordinal));
        Assert.Contains(await StepsAsync("cask.sh"), line => line.Contains("binary \"#{appdir}/Impetus.app/Contents/Resources/impetus/impetus\"", StringComparison.Ordinal));
    }

    private static async Task<string[]> StepsAsync(string script, string identity = "")
    {
        var (exit, output) = await RunAsync("bash", [Path.Combine(Folder, script), "--dry-run"], new() { ["IMPETUS_SIGN_IDENTITY"] = identity });
        Assert.True(exit == 0, output);
        return output.Split('\n');
    }

    private static Task<(int Exit, string Output)> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, []);

    /// <summary>Runs a program that is asked nothing, and fails the test rather than wait for ever.</summary>
    private static async Task<(int Exit, string Output)> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
