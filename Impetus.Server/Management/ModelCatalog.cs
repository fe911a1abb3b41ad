using System.Collections.Concurrent;
using Impetus.Engine.Hub;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>A model on this machine: where it is, what it is, and whether it can run.</summary>
/// <param name="Found">Where it is, and whose.</param>
/// <param name="Inspection">What its files say.</param>
/// <param name="Version">Changes with the files.</param>
/// <param name="Copies">Further folders that hold a model of the same id, which this one hides.</param>
internal sealed record CatalogModel(FoundModel Found, ModelInspection Inspection, FolderVersion Version, IReadOnlyList<FoundModel> Copies)
{
    public string Id => Found.Id;

    public bool CanRun => Inspection.Fault is null;
}

/// <summary>All models that are on this machine. What their files say is read once and again when they change. Thread safe.</summary>
internal sealed class ModelCatalog(ModelFolders folders)
{
    private readonly ConcurrentDictionary<string, (FolderVersion Version, ModelInspection Inspection)> _inspections = new(StringComparer.Ordinal);

    /// <summary>Everything, each id once, in order.</summary>
    public IReadOnlyList<CatalogModel> All =>
        [.. folders.All.GroupBy(model => model.Id, StringComparer.Ordinal).OrderBy(copies => copies.Key, StringComparer.Ordinal).Select(Describe)];

    /// <summary>A model by its id.</summary>
    /// <exception cref="ApiException">There is none (404); those that there are are told.</exception>
    public CatalogModel Find(string id)
    {
        var copies = folders.All.Where(model => model.Id == id).GroupBy(model => model.Id, StringComparer.Ordinal).FirstOrDefault();
        return copies is null ? throw NotFound(id, folders.Ids) : Describe(copies);
    }

    /// <summary>The error about an id that is not here.</summary>
    public static ApiException NotFound(string id, IReadOnlyCollection<string> others) => new(
        StatusCodes.Status404NotFound,
        $"The model '{id}' does not exist here. {(others.Count == 0 ? "There is none." : $"There is: {string.Join(", ", others)}.")}",
        "model_not_found",
        "model");

    private CatalogModel Describe(IEnumerable<FoundModel> copies)
    {
        var model = copies.First();
        var version = FolderVersion.Of(model.Folder);
        if (!_inspections.TryGetValue(model.Folder, out var known) || known.Version != version)
            _inspections[model.Folder] = known = (version, ModelInspection.Read(model.Folder));
        return new(model, known.Inspection, version, [.. copies.Skip(1)]);
    }
}
