using System.Collections.Concurrent;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Management;

/// <summary>Tells what models on disk would take in memory, and whether that is free now. Files are read once and again when they change. Thread safe.</summary>
internal sealed class ModelRoom(IModelLoader loader, MemoryBudget budget)
{
    private readonly ConcurrentDictionary<string, (FolderVersion Version, long? Needed)> _needed = new(StringComparer.Ordinal);

    /// <summary>Bytes that loading a model takes, with a short conversation; null if it cannot run.</summary>
    public async Task<long?> NeededBytesAsync(CatalogModel model)
    {
        if (!model.CanRun)
            return null;
        if (!_needed.TryGetValue(model.Found.Folder, out var known) || known.Version != model.Version)
            _needed[model.Found.Folder] = known = (model.Version, await EstimateAsync(model.Id));
        return known.Needed;
    }

    /// <summary>Whether so many bytes are free now, without unloading anything.</summary>
    public bool Fits(long needed) => needed <= budget.FreeBytes;

    private async Task<long?> EstimateAsync(string id)
    {
        try
        {
            return loader.Find(id) is { } installed ? ModelNeeds.ToLoad(await loader.EstimateAsync(installed)) : null;
        }
        catch (ModelLoadException)
        {
            // It changed just now.
            return null;
        }
    }
}
