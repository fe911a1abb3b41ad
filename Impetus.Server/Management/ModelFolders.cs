using Impetus.Engine.Hub;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>Which models are here: those in the data directory's <c>models/org/name</c>, and the starter models.</summary>
public sealed class ModelFolders(DataDirectory data)
{
    /// <summary>The ids of all models that are here, in order.</summary>
    public IReadOnlyList<string> Ids => [.. Installed().Concat(StarterModels.Ids.Where(id => StarterModels.Find(id) is not null))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The folder of a model; null if it is not here, or if <paramref name="id"/> is not of the form <c>org/name</c>.</summary>
    public string? Find(string id)
    {
        if (!IsId(id))
            return null;
        string folder = Path.Combine(data.Models, id);
        return IsModel(folder) ? folder : StarterModels.Find(id);
    }

    /// <summary>A model by its id, or by its folder: one that lies elsewhere is called <c>local/</c> and the folder's name.</summary>
    /// <exception cref="ModelLoadException">It is neither.</exception>
    public (string Id, string Folder) Resolve(string model)
    {
        if (Find(model) is { } known)
            return (model, known);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
        if (IsModel(folder))
            return (Ids.FirstOrDefault(id => Find(id) == folder) ?? $"local/{Path.GetFileName(folder)}", folder);
        throw new ModelLoadException(
            $"There is no model '{model}': it is neither installed nor a folder with a config.json. Write an id or a folder. "
                + $"Installed are: {string.Join(", ", Ids)}.");
    }

    /// <summary>Whether a text is of the form <c>org/name</c>, of letters, digits and <c>. _ -</c>, and so leads nowhere else.</summary>
    public static bool IsId(string id)
    {
        string[] parts = id.Split('/');
        return parts.Length == 2 && Array.TrueForAll(parts, part =>
            part.Length is > 0 and <= 128 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));
    }

    private IEnumerable<string> Installed()
    {
        if (!Directory.Exists(data.Models))
            return [];
        return Directory.EnumerateDirectories(data.Models)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(IsModel)
            .Select(folder => $"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}")
            .Where(IsId);
    }

    private static bool IsModel(string folder) =>
        File.Exists(Path.Combine(folder, "config.json")) || File.Exists(Path.Combine(folder, "modules.json"));
}
