using Impetus.Engine.Hub;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>The models that a request can name: those in memory, and those that can run, which are loaded when they are named.</summary>
internal sealed class ListedModels(ModelHost host, ModelCatalog catalog)
{
    /// <summary>Loaded chat models first.</summary>
    public IReadOnlyList<ListedModel> All
    {
        get
        {
            var loaded = host.Models.Select(model => new ListedModel(model.Id, model.Description, model.Generator.ContextLength)).ToList();
            var others = catalog.All.Where(model => model.CanRun && loaded.TrueForAll(known => known.Id != model.Id));
            return [.. loaded, .. others.Select(model => new ListedModel(
                model.Id, ModelDescription.Of(model.Found.Folder, model.Inspection), ContextOf(model.Inspection)))];
        }
    }

    private static int? ContextOf(ModelInspection model) => model.Uses.Contains("completion") ? model.ContextLength : null;

    /// <exception cref="ApiException">There is none of this id, or it cannot run (404).</exception>
    public ListedModel Find(string id)
    {
        var all = All;
        return all.FirstOrDefault(model => model.Id == id) ?? throw ModelCatalog.NotFound(id, [.. all.Select(model => model.Id)]);
    }
}

/// <param name="Id">What to name in a request.</param>
/// <param name="Description">What it is.</param>
/// <param name="ContextLength">Tokens that prompt and answer may have together; null where there are no answers.</param>
internal sealed record ListedModel(string Id, ModelDescription Description, int? ContextLength);
