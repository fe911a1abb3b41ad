#:property PublishAot=false
// Prints line coverage per project and, last, "N passed, N failed, N skipped". Exits with 1 where anything is red.
// Usage: dotnet run .ci/Summary.cs -- TESTS COVERAGE FAILED
using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Xml.Linq;

bool red = args[2] != "0";
red |= !Coverage.Print(args[1]);

int passed = 0, failed = 0, skipped = 0;
foreach (string file in Directory.EnumerateFiles(args[0], "*.trx", SearchOption.AllDirectories))
{
    foreach (var result in XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "UnitTestResult"))
    {
        switch (result.Attribute("outcome")?.Value)
        {
            case "Passed":
                passed++;
                break;
            case "NotExecuted":
                skipped++;
                break;
            // What runs only when it is named, such as the child of a test that is killed.
            case "NotRunnable":
                break;
            default:
                failed++;
                Console.WriteLine($"failed: {result.Attribute("testName")?.Value}");
                break;
        }
    }
}

if (red && failed == 0)
    Console.WriteLine("A step above failed.");
Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
return red || failed > 0 || passed == 0 ? 1 : 0;

/// <summary>Line coverage, merged over all test projects: a line is covered if any of them ran it.</summary>
internal static class Coverage
{
    private const double Floor = 0.80;

    private static readonly string[] Held = ["Impetus.Engine", "Impetus.Retrieval", "Impetus.Server"];

    /// <summary>Files for instruction sets and libraries, and whether this machine has them.</summary>
    private static readonly (string Part, bool Present)[] Optional =
    [
        ("Avx512", Avx512F.IsSupported),
        ("Avx2", Avx2.IsSupported),
        ("AdvSimd", AdvSimd.IsSupported),
        ("Backends/Mlx/", Environment.GetEnvironmentVariable("IMPETUS_MLX_LIB") is { Length: > 0 }),
    ];

    /// <returns>False where a project is below its floor.</returns>
    public static bool Print(string folder)
    {
        var projects = new SortedDictionary<string, Dictionary<(string File, int Line), bool>>(StringComparer.Ordinal);
        var left = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*cobertura*.xml", SearchOption.AllDirectories))
        {
            var report = XDocument.Load(file);
            // Each report names its files from the folder that its own assemblies share.
            string root = report.Descendants("source").FirstOrDefault()?.Value ?? "";
            foreach (var package in report.Descendants("package"))
            {
                string name = package.Attribute("name")!.Value;
                if (name.EndsWith("Tests", StringComparison.Ordinal) || !projects.TryGetValue(name, out var lines) && !projects.TryAdd(name, lines = []))
                    continue;
                foreach (var type in package.Descendants("class"))
                {
                    string source = Path.Combine(root, type.Attribute("filename")!.Value).Replace('\\', '/');
                    if (source.Contains("/obj/", StringComparison.Ordinal))
                        continue;
                    if (Optional.Any(part => !part.Present && source.Contains(part.Part, StringComparison.Ordinal)))
                    {
                        left.Add(source);
                        continue;
                    }

                    foreach (var line in type.Descendants("line"))
                    {
                        var key = (source, int.Parse(line.Attribute("number")!.Value, CultureInfo.InvariantCulture));
                        projects[name][key] = projects[name].GetValueOrDefault(key) || line.Attribute("hits")!.Value != "0";
                    }
                }
            }
        }

        bool fine = true;
        foreach (var (name, lines) in projects)
        {
            double share = lines.Count == 0 ? 1 : (double)lines.Values.Count(hit => hit) / lines.Count;
            bool low = Held.Contains(name) && share < Floor;
            fine &= !low;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"coverage {name}: {share:P1} of {lines.Count} lines{(low ? $", below the floor of {Floor:P0}" : "")}"));
        }

        Console.WriteLine("not instrumented, its conformance suite runs all of it: Impetus.Engine/Backends/Cpu");
        foreach (string file in left)
            Console.WriteLine($"not counted, this machine lacks what it is for: {file}");
        return fine;
    }
}
