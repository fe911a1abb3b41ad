using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>What became of a folder that was added.</summary>
/// <param name="Ids">The models in it that can run.</param>
/// <param name="Copied">Whether they were copied, rather than noted where they are.</param>
/// <param name="Message">Why, for people.</param>
internal sealed record Addition(IReadOnlyList<string> Ids, bool Copied, string Message);

/// <summary>Adds models that lie somewhere: notes where they are, or copies them into the data directory. Thread safe.</summary>
internal sealed class ModelAddition(
    ServerSettings settings, ModelFolders folders, ModelCatalog catalog, AddedModels added, ModelCopy copies, IVolumes volumes, ModelWatch watch)
{
    /// <summary>Adds the models in a folder.</summary>
    /// <param name="path">A model's folder, or one of several models.</param>
    /// <param name="id">What to call the model; null: as the folder says.</param>
    /// <param name="copy">Whether to copy it even if that is not needed.</param>
    /// <param name="cancel">Stops copying; nothing stays behind.</param>
    /// <exception cref="ApiException">There is nothing to add (400), an id is taken (409), or there is no room (507).</exception>
    public async Task<Addition> AddAsync(string path, string? id, bool copy, CancellationToken cancel)
    {
        path = Check(path, id);
        var found = new ModelPlace(ModelOrigin.Added, path).Find().ToList();
        if (id is not null)
            found = [Named(found, path) with { Id = id }];
        var models = Runnable(found, path);
        bool isRemote = models.Any(IsRemote);
        copy |= isRemote;
        if (copy || models.Count == 1)
            RequireFree(models, copy);

        if (copy)
        {
            foreach (var model in models)
                await copies.CopyAsync(model.Folder, model.Id, cancel);
        }
        else
        {
            added.Add(path, id);
            folders.Scan();
        }

        watch.Stir();
        return new([.. models.Select(model => model.Id)], copy, isRemote
            ? "Copied, because the folder is on a network volume, which can go away while a model is read."
            : copy ? "Copied." : "Noted where it is. Its files stay yours: they are read there, and never changed or deleted.");
    }

    private string Check(string path, string? id)
    {
        if (!Path.IsPathFullyQualified(path) || !Directory.Exists(path))
            throw ApiException.Invalid("path", $"There is no folder {path}. Give the full path of a folder on the server's machine.");
        if (id is not null && !ModelId.IsValid(id))
            throw ApiException.Invalid("id", $"'{id}' cannot be an id. Write org/name, of letters, digits and . _ -");
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return $"{path}/".StartsWith($"{settings.Data.Models}/", StringComparison.Ordinal)
            ? throw ApiException.Invalid("path", $"{path} is in the data directory. What lies there as org/name is found without being added.")
            : path;
    }

    private static FoundModel Named(List<FoundModel> found, string path) => found.Count == 1
        ? found[0]
        : throw ApiException.Invalid("id", $"{path} holds {found.Count} models, and an id names one. Leave it out, or add one of their folders.");

    private static List<FoundModel> Runnable(List<FoundModel> found, string path)
    {
        if (found.Count == 0)
            throw ApiException.Invalid("path", $"There is no model in {path}: neither a config.json nor weights, there or two levels below.");
        var faults = found.ToLookup(model => ModelInspection.Read(model.Folder).Fault);
        return faults[null].Any()
            ? [.. faults[null]]
            : throw ApiException.Invalid("path", $"{found[0].Id} in {found[0].Folder} cannot run here: {faults.First().Key}", "model_not_supported");
    }

    /// <summary>A folder here can have weights elsewhere.</summary>
    private bool IsRemote(FoundModel model) =>
        Directory.EnumerateFiles(model.Folder).Append(model.Folder).Any(path => volumes.KindOf(path) == VolumeKind.Network);

    private void RequireFree(List<FoundModel> models, bool copy)
    {
        foreach (var model in models)
        {
            var taken = catalog.All.FirstOrDefault(known => known.Id == model.Id && known.Found.Folder != model.Folder);
            bool isThere = taken is not null && (!copy || taken.Found.Origin == ModelOrigin.Installed);
            if (isThere || (copy && Directory.Exists(Path.Combine(settings.Data.Models, model.Id))))
            {
                throw new ApiException(
                    StatusCodes.Status409Conflict,
                    $"There is a model {model.Id} already, in {taken?.Found.Folder ?? Path.Combine(settings.Data.Models, model.Id)}. Give this one another id, or remove that one.",
                    "conflict",
                    "id");
            }
        }
    }
}
