using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>
/// What the first Impetus left behind: models in <c>models</c>, preferences in <c>com.gerdsenai.impetus.json</c>, documents in a Chroma
/// database. All of it is copied and nothing is touched. A sandboxed app sees it only where the user shows it the folder
/// (<c>~/.impetus</c>, <c>~/Library/Application Support/Impetus</c> or <c>~/Library/Preferences</c>).
/// </summary>
internal sealed class V1Data
{
    private const string PreferencesFile = "com.gerdsenai.impetus.json";
    private const int MostFolders = 2_000;

    private V1Data(IReadOnlyList<V1Model> models, IReadOnlyList<string> unusable, PerformanceMode? mode, string? chroma) =>
        (Models, Unusable, Mode, Chroma) = (models, unusable, mode, chroma);

    /// <summary>Models that can be run.</summary>
    public IReadOnlyList<V1Model> Models { get; }

    /// <summary>Names of models in formats that are not read any more.</summary>
    public IReadOnlyList<string> Unusable { get; }

    /// <summary>The chosen mode; null if none was.</summary>
    public PerformanceMode? Mode { get; }

    /// <summary>The database of the documents; null if there is none.</summary>
    public string? Chroma { get; }

    public bool IsEmpty => Models.Count == 0 && Unusable.Count == 0 && Mode is null && Chroma is null;

    /// <summary>Looks through a folder and what lies at its known places.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static V1Data Find(string folder)
    {
        var models = new List<V1Model>();
        var unusable = new List<string>();
        string root = Directory.Exists(Path.Combine(folder, "models")) ? Path.Combine(folder, "models") : folder;
        foreach (string candidate in Below(root))
        {
            if (Directory.EnumerateFiles(candidate, "*.gguf").Any())
                unusable.Add(Path.GetFileName(candidate));
            else if (File.Exists(Path.Combine(candidate, "config.json")) && Directory.EnumerateFiles(candidate, "*.safetensors").Any())
                models.Add(new(IdOf(root, candidate), candidate));
        }

        string[] databases = [Path.Combine(folder, "vectorstore", "chroma.sqlite3"), Path.Combine(folder, "chroma.sqlite3")];
        return new(models, unusable, ReadMode(Path.Combine(folder, PreferencesFile)), databases.FirstOrDefault(File.Exists));
    }

    /// <summary>Copies the models, each published by rename when it is whole. What is here already stays as it is.</summary>
    /// <returns>How many were copied.</returns>
    /// <exception cref="IOException">The disk is full, or a file cannot be read.</exception>
    public async Task<int> CopyModelsAsync(DataDirectory data, CancellationToken cancel)
    {
        int copied = 0;
        foreach (var model in Models)
        {
            string target = Path.Combine(data.Models, model.Id);
            if (!ModelId.IsValid(model.Id) || Directory.Exists(target))
                continue;
            string fresh = Path.Combine(data.Ensure(data.Models), $".v1-{Guid.NewGuid():N}");
            try
            {
                data.Ensure(fresh);
                foreach (string file in Directory.EnumerateFiles(model.Folder))
                    await CopyAsync(file, Path.Combine(fresh, Path.GetFileName(file)), cancel);
                data.Ensure(Path.GetDirectoryName(target)!);
                Directory.Move(fresh, target);
                copied++;
            }
            finally
            {
                if (Directory.Exists(fresh))
                    Directory.Delete(fresh, recursive: true);
            }
        }

        return copied;
    }

    // A link into a hub's cache is copied as the file that it stands for.
    private static async Task CopyAsync(string from, string to, CancellationToken cancel)
    {
        await using var source = File.OpenRead(from);
        await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write);
        await source.CopyToAsync(target, cancel);
    }

    private static IEnumerable<string> Below(string root)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true, AttributesToSkip = 0 };
        return Directory.EnumerateDirectories(root, "*", options).Take(MostFolders).Prepend(root);
    }

    // It kept org_name in one folder, or org/name in two.
    private static string IdOf(string root, string folder)
    {
        string name = Path.GetFileName(folder), parent = Path.GetFileName(Path.GetDirectoryName(folder)!);
        int cut = name.IndexOf('_', StringComparison.Ordinal);
        return cut > 0 ? $"{name[..cut]}/{name[(cut + 1)..]}"
            : Path.GetDirectoryName(folder) == root || folder == root || parent is "downloads" or "models" ? $"local/{name}" : $"{parent}/{name}";
    }

    private static PerformanceMode? ReadMode(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using var preferences = JsonDocument.Parse(File.ReadAllBytes(file));
            string? mode = preferences.RootElement.TryGetProperty("performance_mode", out var value) ? value.GetString() : null;
            return Enum.TryParse(mode?.Replace(" Mode", "", StringComparison.Ordinal), out PerformanceMode known) ? known : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <param name="Id"><c>org/name</c>.</param>
/// <param name="Folder">Where its files are.</param>
internal sealed record V1Model(string Id, string Folder);
