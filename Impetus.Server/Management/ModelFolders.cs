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
