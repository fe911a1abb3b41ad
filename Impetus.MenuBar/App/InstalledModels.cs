using System.Collections.Concurrent;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;

namespace Impetus.MenuBar.App;

/// <summary>The chat models that are here, and whether they fit this machine.</summary>
internal sealed class InstalledModels(DataDirectory data, long memoryBytes)
{
    private readonly ConcurrentDictionary<(string Folder, DateTime Written), ModelKind> _kinds = new();

    /// <summary>Reads the folders. Encoders and rerankers, which cannot chat, are left out.</summary>
    /// <param name="chosen">The id of the one that the user has chosen.</param>
    /// <param name="activity">What the server does with which model.</param>
    public IReadOnlyList<ModelState> Read(string chosen, Func<string, ModelActivity> activity)
    {
        var folders = new ModelFolders(data);
        var models = new List<ModelState>();
        foreach (string id in folders.Ids)
        {
            if (folders.Find(id) is not { } folder || Kind(folder) != ModelKind.Chat)
                continue;
            long size = Size(folder);
            models.Add(new(id, size, Fit(size), activity(id)) { Chosen = id == chosen });
        }

        return models;
    }

    /// <summary>A model needs its files and a fifth more to run, of what the server may take of the machine.</summary>
    public ModelFit Fit(long sizeBytes) => new(sizeBytes + sizeBytes / 5, MemoryBudget.OfMachine(memoryBytes));

    // Read anew when the model has changed: the menu asks every second.
    private ModelKind Kind(string folder) =>
        _kinds.GetOrAdd((folder, File.GetLastWriteTimeUtc(Path.Combine(folder, "config.json"))), key => ModelKinds.Of(key.Folder));

    private static long Size(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*.safetensors").Sum(file => file.Length);
        }
        catch (IOException)
        {
            // It was removed just now.
            return 0;
        }
    }
}
