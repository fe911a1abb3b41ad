using System.Security.Cryptography;
using Impetus.MenuBar.App;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>The scripts are read by a shell, never run for real: a dry run prints each step and changes nothing.</summary>
public sealed class ScriptTests
{
    private static readonly string Folder = Path.Combine(Fixture.Repository, "Packaging");

    public static TheoryData<string> Scripts() => [.. Directory.EnumerateFiles(Folder, "*.sh").Select(path => Path.GetFileName(path))];

    public static TheoryData<string> Steps() => [.. Scripts().Select(row => row.Data).Where(name => name != "common.sh")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_is_sound_bash_that_stops_at_the_first_fault(string script)
    {
        var (exit, output) = await Shell.RunAsync("bash", "-n", Path.Combine(Folder, script));
        Assert.True(exit == 0, output);
        string text = File.ReadAllText(Path.Combine(Folder, script));
        Assert.True(text.Contains("set -euo pipefail", StringComparison.Ordinal) || text.Contains("/common.sh\" \"$@\"", StringComparison.Ordinal));
        Assert.DoesNotContain("eval ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linter_finds_nothing()
    {
        Assert.SkipUnless(Shell.IsInstalled("shellcheck"), "shellcheck is not installed.");
        var scripts = Directory.EnumerateFiles(Folder, "*.sh").Order(StringComparer.Ordinal);
        var (exit, output) = await Shell.RunAsync("shellcheck", ["--external-sources", "--source-path=SCRIPTDIR", .. scripts]);
        Assert.True(exit == 0, output);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_dry_run_prints_its_steps_and_changes_nothing(string script)
    {
        string untouched = Path.Combine(Path.GetTempPath(), $"impetus-dry-{Guid.NewGuid():N}");
        var (exit, output) = await Shell.RunAsync("bash", [Path.Combine(Folder, script), "--dry-run"], new() { ["IMPETUS_OUT"] = untouched });
        Assert.True(exit == 0, output);
        Assert.Contains(output.Split('\n'), line => line.StartsWith("+ ", StringComparison.Ordinal));
        Assert.False(Path.Exists(untouched));
    }

    [Fact]
    public async Task An_unknown_option_is_refused()
    {
        var (exit, output) = await Shell.RunAsync("bash", Path.Combine(Folder, "dmg.sh"), "--fast");
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

    [Fact]
    public async Task The_list_of_updates_is_one_that_the_app_believes()
    {
        Assert.SkipUnless(Shell.IsInstalled("openssl") && Shell.IsInstalled("jq"), "openssl or jq is not installed.");
        var folder = Directory.CreateTempSubdirectory("impetus-appcast-");
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string pem = Path.Combine(folder.FullName, "appcast.pem");
            await File.WriteAllTextAsync(pem, key.ExportECPrivateKeyPem(), TestContext.Current.CancellationToken);
            var (exit, output) = await Shell.RunAsync(
                "bash", [Path.Combine(Folder, "appcast.sh")], new() { ["IMPETUS_OUT"] = folder.FullName, ["IMPETUS_APPCAST_KEY"] = pem });
            Assert.True(exit == 0, output);
            byte[] list = await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "appcast.json"), TestContext.Current.CancellationToken);
            var release = Appcast.Read(list, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
            Assert.Equal(Version.Parse(Impetus.Server.ImpetusServer.Version), release.Version);
            Assert.Equal(new Version(14, 0), release.MinimumSystem);
            Assert.EndsWith("-arm64.dmg", release.Download.AbsoluteUri, StringComparison.Ordinal);
            Assert.NotEmpty(release.Notes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_image_takes_what_it_is_made_of_from_this_folder()
    {
        foreach (string line in await StepsAsync("dmg.sh"))
        {
            foreach (string part in line.Split(' ').Where(part => part.StartsWith("Packaging/", StringComparison.Ordinal)))
                Assert.True(File.Exists(Path.Combine(Fixture.Repository, part)), $"{part} is missing.");
        }

        // Twice the points for displays with twice the pixels.
        Assert.Equal((600, 400), PictureSize("background.png"));
        Assert.Equal((1200, 800), PictureSize("background@2x.png"));
    }

    // The header of a PNG.
    private static (int Width, int Height) PictureSize(string name)
    {
        byte[] png = File.ReadAllBytes(Path.Combine(Folder, name));
        return (ReadInt32BigEndian(png.AsSpan(16)), ReadInt32BigEndian(png.AsSpan(20)));
    }

    private static async Task<string[]> StepsAsync(string script, string identity = "")
    {
        var (exit, output) = await Shell.RunAsync("bash", [Path.Combine(Folder, script), "--dry-run"], new() { ["IMPETUS_SIGN_IDENTITY"] = identity });
        Assert.True(exit == 0, output);
        return output.Split('\n');
    }
}
