using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Takes models away: files of the data directory are deleted; folders of others are forgotten, and theirs stays theirs. Thread safe.</summary>
internal sealed class ModelRemoval(ServerSettings settings, ModelFolders folders, ModelCatalog catalog, AddedModels added, ModelHost host, ModelWatch watch)
{
    private const string Outgoing = ".removed-";

    /// <summary>Removes a model.</summary>
    /// <returns>Whether its files were deleted.</returns>
    /// <exception cref="ApiException">It is not here (404), is in memory (409), or is not ours to remove (400).</exception>
    public bool Remove(string id)
    {
        var model = catalog.Find(id);
        if (host.Resident.Any(resident => resident.Id == id && resident.State != ResidentState.Failed))
            throw new ApiException(StatusCodes.Status409Conflict, $"{id} is in memory. Unload it first.", "model_loaded", "id");
        switch (model.Found.Origin)
        {
            case ModelOrigin.Installed:
                Delete(model.Found.Folder);
                break;
            case ModelOrigin.Added:
                Forget(model);
                break;
            case ModelOrigin.Starter:
                throw ApiException.Invalid("id", $"{id} belongs to the product, in {model.Found.Folder}, and stays.");
            default:
                throw ApiException.Invalid("id", $"{id} belongs to {OwnerOf(model.Found.Origin)}, in {model.Found.Folder}. Nothing is deleted there; remove it with that program.");
        }

        folders.Scan();
        watch.Stir();
        return model.Found.Origin == ModelOrigin.Installed;
    }

    /// <summary>Forgets a folder that was added, with all models in it. Its files stay.</summary>
    /// <exception cref="ApiException">It was not added (404).</exception>
    public void Forget(string path)
    {
        if (!added.Remove(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))
        {
            throw new ApiException(
                StatusCodes.Status404NotFound,
                $"The folder {path} was not added. There is: {string.Join(", ", added.All.Select(place => place.Path).DefaultIfEmpty("none"))}.",
                "not_found",
                "path");
        }

        folders.Scan();
        watch.Stir();
    }

    private void Forget(CatalogModel model)
    {
        var place = added.All.FirstOrDefault(place => place.Find().Any(found => found.Folder == model.Found.Folder))
            ?? throw ApiException.Invalid("id", $"{model.Id} is the model that --model names, in {model.Found.Folder}. Start the server with another.");
        int others = place.Find().Count() - 1;
        if (others > 0)
        {
            throw ApiException.Invalid(
                "id", $"{model.Id} is in the folder {place.Path}, which was added with {others} more. Remove the folder, by its path, to forget them all.");
        }

        added.Remove(place.Path);
    }

    /// <summary>Deletes a folder of the data directory, or only the link where it is one. It is gone at once, whole.</summary>
    private void Delete(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
        {
            Directory.Delete(folder);
            return;
        }

        string outgoing = Path.Combine(settings.Data.Models, Outgoing + Guid.NewGuid().ToString("n"));
        Directory.Move(folder, outgoing);
        Directory.Delete(outgoing, recursive: true);
        string organisation = Path.GetDirectoryName(folder)!;
        if (!Directory.EnumerateFileSystemEntries(organisation).Any())
            Directory.Delete(organisation);
    }

    private static string OwnerOf(ModelOrigin origin) => origin switch
    {
        ModelOrigin.HuggingFace => "Hugging Face's cache",
        ModelOrigin.LmStudio => "LM Studio",
        _ => "another program",
    };
}
