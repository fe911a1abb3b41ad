using System.Text;
using System.Text.Json;
using Impetus.Server;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>What ships, looked at file by file: the command as it is published for a Mac, and the plan of the bundle around it.</summary>
[Trait("Slow", "publish")]
public sealed class BundleTests(PublishedCommand command) : IClassFixture<PublishedCommand>
{
    [Fact]
    public void Every_native_file_is_for_apple_silicon_and_old_enough_for_the_oldest_system()
    {
        var native = Native();
        Assert.Contains("impetus", native.Keys.Select(Path.GetFileName));
        Assert.Contains("libcoreclr.dylib", native.Keys.Select(Path.GetFileName));
        Assert.Contains("libe_sqlite3.dylib", native.Keys.Select(Path.GetFileName));
        foreach (var (file, macho) in native)
        {
            Assert.True(macho.Processor == MachO.Arm64, $"{file} is for processor 0x{macho.Processor:X}.");
            Assert.True(macho.MinimumSystem is null || macho.MinimumSystem <= new Version(14, 0), $"{file} wants macOS {macho.MinimumSystem}.");
        }
    }

    [Fact]
    public void Every_library_that_is_referred_to_is_the_systems_or_travels_along()
    {
        foreach (var (file, macho) in Native())
        {
            string folder = Path.GetDirectoryName(file)!;
            foreach (string library in macho.Libraries)
            {
                bool found = library.StartsWith("/usr/lib/", StringComparison.Ordinal) || library.StartsWith("/System/Library/", StringComparison.Ordinal)
                    || Candidates(library, folder, macho).Any(File.Exists);
                Assert.True(found, $"{Path.GetFileName(file)} needs {library}, which is not there.");
            }

            Assert.All(macho.SearchPaths, path => Assert.StartsWith("@", path, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_file_names_a_folder_of_the_building_machine()
    {
        byte[][] places = [Encoding.UTF8.GetBytes(Fixture.Repository + "/"), Encoding.Unicode.GetBytes(Fixture.Repository + "/"), Encoding.UTF8.GetBytes(command.Out + "/")];
        foreach (string file in command.Files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            foreach (byte[] place in places)
                Assert.True(bytes.AsSpan().IndexOf(place) < 0, $"{file} names {Encoding.UTF8.GetString(place)}.");
        }
    }

    [Fact]
    public void Nothing_travels_that_only_its_makers_need() =>
        Assert.DoesNotContain(command.Files, file => Path.GetExtension(file) is ".pdb" or ".xml" || file.Contains("/Models/", StringComparison.Ordinal));

    [Fact]
    public void The_licence_of_everything_that_ships_is_in_the_notice()
    {
        string notice = File.ReadAllText(Path.Combine(Fixture.Repository, "NOTICE"));
        foreach (var (name, _) in command.Packages.Where(package => !package.Name.Contains(".Runtime.", StringComparison.Ordinal)))
        {
            // Parts of one product have its name and a further word.
            string[] words = name.Split('.');
            bool named = Enumerable.Range(1, words.Length).Any(count => notice.Contains($"  {string.Join('.', words[..count])} ", StringComparison.Ordinal));
            Assert.True(named, $"NOTICE does not name {name}.");
        }

        foreach (string part in (string[])[".NET and ASP.NET Core runtime", "MLX, mlx-c", "Models/SmolLM2-135M-Instruct", "Models/all-MiniLM-L6-v2"])
            Assert.Contains(part, notice, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(command.Folder, "THIRD-PARTY-NOTICES.TXT")));
        Assert.True(File.Exists(Path.Combine(Fixture.Model("SmolLM2-135M-Instruct"), "LICENSE")));
        Assert.True(File.Exists(Path.Combine(Fixture.Model("all-MiniLM-L6-v2"), "LICENSE")));
    }

    [Fact]
    public async Task The_bill_of_materials_lists_everything_that_ships()
    {
        Assert.SkipUnless(Shell.IsInstalled("jq"), "jq is not installed.");
        var (exit, output) = await Shell.RunAsync(
            "bash", [Path.Combine(Fixture.Repository, "Packaging", "sbom.sh")], new() { ["IMPETUS_OUT"] = command.Out });
        Assert.True(exit == 0, output);
        using var sbom = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(command.Out, "sbom.json"), TestContext.Current.CancellationToken));
        Assert.Equal("CycloneDX", sbom.RootElement.GetProperty("bomFormat").GetString());
        Assert.Equal(ImpetusServer.Version, sbom.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString());
        var listed = sbom.RootElement.GetProperty("components").EnumerateArray()
            .Where(component => component.TryGetProperty("version", out _))
            .Select(component => (component.GetProperty("name").GetString()!, component.GetProperty("version").GetString()!));
        Assert.Equal(command.Packages.Order(), listed.Order());
    }

    [Fact]
    public async Task The_plan_of_the_bundle_puts_each_part_where_the_loader_looks()
    {
        var (exit, output) = await Shell.RunAsync(
            "bash", [Path.Combine(Fixture.Repository, "Packaging", "bundle.sh"), "--dry-run"], new() { ["IMPETUS_OUT"] = command.Out, ["IMPETUS_MLX_LIB"] = "/mlx" });
        Assert.True(exit == 0, output);
        string contents = Path.Combine(command.Out, "Impetus.app", "Contents");
        foreach (string step in (string[])
        [
            $"+ cp -L /mlx/libmlxc.dylib {contents}/Frameworks/libmlxc.dylib",
            $"+ install_name_tool -id @rpath/libmlx.dylib {contents}/Frameworks/libmlx.dylib",
            $"+ install_name_tool -add_rpath @loader_path {contents}/Frameworks/libmlxc.dylib",
            $"+ cp /mlx/mlx.metallib {contents}/Resources/mlx/mlx.metallib",
            $"+ cp -R Models {contents}/Resources/Models",
            $"+ cp -R {command.Folder} {contents}/Resources/impetus",
        ])
            Assert.Contains(step, output.Split('\n'));
    }

    private Dictionary<string, MachO> Native() => command.Files
        .Select(file => (file, MachO.Read(file)))
        .Where(pair => pair.Item2 is not null)
        .ToDictionary(pair => pair.file, pair => pair.Item2!, StringComparer.Ordinal);

    private static IEnumerable<string> Candidates(string library, string folder, MachO macho)
    {
        string Expand(string path) => Path.GetFullPath(path
            .Replace("@loader_path", folder, StringComparison.Ordinal).Replace("@executable_path", folder, StringComparison.Ordinal));
        return library.StartsWith("@rpath/", StringComparison.Ordinal)
            ? macho.SearchPaths.Append("@loader_path").Select(path => Expand(Path.Combine(path, library["@rpath/".Length..])))
            : [Expand(library)];
    }
}
