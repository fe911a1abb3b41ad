using System.Runtime.CompilerServices;

namespace Impetus.Tests;

/// <summary>Finds the repository, its fixtures and its starter models from wherever a test runs.</summary>
internal static class Fixture
{
    /// <summary>The top of the checkout.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A file or folder under <c>Tests/Fixtures</c>.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Repository, "Tests", "Fixtures", .. parts]);

    /// <summary>A starter model's folder under <c>Models</c>.</summary>
    public static string Model(string name) => System.IO.Path.Combine(Repository, "Models", name);

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(thisFile)!, "..", ".."));
}
