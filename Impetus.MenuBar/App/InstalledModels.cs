using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.MenuBar.App;

/// <summary>The chat models that are here, and whether they fit this machine.</summary>
internal sealed class InstalledModels(DataDirectory data, long memoryBytes)
{
    // What the system, other programs and the cache need beside the weights.
    private const long RoomBytes = 2_000_000_000;

    /// <summary>Reads the folders. Encoders, which cannot chat, are left out.</summary>
    /// <param name="chosen">The id of the one that the user has chosen.</param>
    /// <param name="activity">What the server does with which model.</param>
    public IReadOnlyList<ModelState> Read(string chosen, Func<string, ModelActivity> activity)
    {
        var folders = new ModelFolders(data);
        var models = new List<ModelState>();
        foreach (string id in folders.Ids)
        {
            if (folders.Find(id) is not { } folder || File.Exists(Path.Combine(folder, "modules.json")))
                continue;
            long size = Size(folder);
            models.Add(new(id, size, Fit(size), activity(id)) { Chosen = id == chosen });
        }

        return models;
    }

    /// <summary>A model needs its files and a fifth more to run, and leaves room for the rest of the machine.</summary>
    public ModelFit Fit(long sizeBytes) => new(sizeBytes + sizeBytes / 5, Math.Max(0, memoryBytes - RoomBytes));

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
