using Impetus.Engine.Hub;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>
/// Which models are here: those in the data directory's <c>models/org/name</c>, the starter models, and those of other places. The first
/// two are looked up anew each time; the others, whose caches can be large, are known from the last scan. Thread safe.
/// </summary>
public sealed class ModelFolders(DataDirectory data, ModelPlaces? places = null)
{
    private readonly Lock _scanning = new();
    private IReadOnlyList<FoundModel>? _others;

    /// <summary>The folders as a server with these settings sees them.</summary>
    public static ModelFolders Of(ServerSettings settings) => new(settings.Data, ModelPlaces.Of(settings, AddedModels.Open(settings.Data)));

    /// <summary>The ids of all models that are here, in order.</summary>
    public IReadOnlyList<string> Ids => [.. All.Where(model => IsModel(model.Folder)).Select(model => model.Id)
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Every folder that looks like a model, whether it can run or not. Of those with one id, the first is the one that counts.</summary>
    public IReadOnlyList<FoundModel> All => [.. Own(), .. Others()];

    /// <summary>The folder of a model; null if it is not here, or if <paramref name="id"/> is not of the form <c>org/name</c>.</summary>
    public string? Find(string id)
    {
        if (!ModelId.IsValid(id))
            return null;
        string folder = Path.Combine(data.Models, id);
        return IsModel(folder) ? folder
            : StarterModels.Find(id) ?? Others().FirstOrDefault(model => model.Id == id && IsModel(model.Folder))?.Folder;
    }

    /// <summary>A model by its id, or by its folder: one that lies elsewhere is called <c>local/</c> and the folder's name.</summary>
    /// <exception cref="ModelLoadException">It is neither.</exception>
    public (string Id, string Folder) Resolve(string model)
    {
        if (Find(model) is { } known)
            return (model, known);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
        if (IsModel(folder))
            return (Ids.FirstOrDefault(id => Find(id) == folder) ?? ModelId.OfLoneFolder(folder), folder);
        throw new ModelLoadException(
            $"There is no model '{model}': it is neither installed nor a folder with a config.json. Write an id or a folder. "
                + $"Installed are: {string.Join(", ", Ids)}.");
    }

    /// <summary>Looks at all other places anew.</summary>
    public void Scan()
    {
        lock (_scanning)
        {
            var own = Own().Select(model => model.Folder).ToHashSet(StringComparer.Ordinal);
            var found = (places?.All ?? []).SelectMany(place => place.Find()).Where(model => own.Add(model.Folder));
            Volatile.Write(ref _others, [.. found.GroupBy(model => model.Id, StringComparer.Ordinal).SelectMany(BestFirst)]);
        }
    }

    private IReadOnlyList<FoundModel> Others()
    {
        if (Volatile.Read(ref _others) is null)
            Scan();
        return Volatile.Read(ref _others)!;
    }

    /// <summary>Of copies with one id, one that can run counts before one that cannot.</summary>
    private static IEnumerable<FoundModel> BestFirst(IEnumerable<FoundModel> copies) =>
        copies.Skip(1).Any() ? copies.OrderBy(copy => ModelInspection.Read(copy.Folder).Fault is not null) : copies;

    private IEnumerable<FoundModel> Own() =>
        ModelTree.FindByOrganisation(data.Models, ModelOrigin.Installed)
            .Concat(StarterModels.Ids.Select(id => (Id: id, Folder: StarterModels.Find(id)))
                .Where(starter => starter.Folder is not null)
                .Select(starter => new FoundModel(starter.Id, starter.Folder!, ModelOrigin.Starter)));

    private static bool IsModel(string folder) =>
        File.Exists(Path.Combine(folder, "config.json")) || File.Exists(Path.Combine(folder, "modules.json"));
}
