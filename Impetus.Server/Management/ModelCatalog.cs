using Impetus.Engine.Weights;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>All models that a request can name: the chat models that are loaded, and what is loaded when it is first named.</summary>
internal sealed class ModelCatalog(ModelHost chat, EmbeddingModels embedding, ModelFolders folders)
{
    /// <summary>Chat models first.</summary>
    public IReadOnlyList<ListedModel> All =>
    [
        .. chat.Models.Select(model => new ListedModel(model.Id, model.Description, model.Generator.ContextLength)),
        .. embedding.EmbedderIds.Select(id => Describe(id, "embedding")).OfType<ListedModel>(),
        .. embedding.RerankerIds.Select(id => Describe(id, "rerank")).OfType<ListedModel>(),
    ];

    /// <exception cref="ApiException">There is none of this id.</exception>
    public ListedModel Find(string id)
    {
        var all = All;
        return all.FirstOrDefault(model => model.Id == id) ?? throw new ApiException(
            StatusCodes.Status404NotFound,
            $"The model '{id}' does not exist here. {(all.Count == 0 ? "There is none." : $"There is: {string.Join(", ", all.Select(m => m.Id))}.")}",
            "model_not_found",
            "model");
    }

    private ListedModel? Describe(string id, string capability)
    {
        try
        {
            return folders.Find(id) is { } folder ? new(id, ModelDescription.Read(folder, capability), null) : null;
        }
        catch (Exception fault) when (fault is CheckpointException or IOException)
        {
            // A damaged folder cannot be named, and must not hide the others.
            return null;
        }
    }
}

/// <param name="Id">What to name in a request.</param>
/// <param name="Description">What it is.</param>
/// <param name="ContextLength">Tokens that prompt and answer may have together; null where there are no answers.</param>
internal sealed record ListedModel(string Id, ModelDescription Description, int? ContextLength);
