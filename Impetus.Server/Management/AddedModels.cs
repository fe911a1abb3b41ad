using System.Text.Json;
using System.Text.Json.Serialization;
using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>The folders that the user added without copying them, kept in <c>state/models.json</c>. Thread safe.</summary>
public sealed class AddedModels
{
    private const int MaxFolders = 1_000;

    private readonly Lock _lock = new();
    private readonly DataDirectory _data;
    private readonly string _path;
    private IReadOnlyList<ModelPlace> _all;

    private AddedModels(DataDirectory data, string path, IReadOnlyList<ModelPlace> all) => (_data, _path, _all) = (data, path, all);

    /// <summary>All of them, in the order in which they were added.</summary>
    public IReadOnlyList<ModelPlace> All
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>Reads the list.</summary>
    /// <exception cref="SettingsException">It is damaged.</exception>
    public static AddedModels Open(DataDirectory data)
    {
        string path = Path.Combine(data.State, "models.json");
        try
        {
            var folders = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), AddedJson.Wire.AddedFolders)?.Folders : null;
            return new(data, path, [.. (folders ?? []).Select(folder => new ModelPlace(ModelOrigin.Added, folder.Path, folder.Id))]);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The list of added models {path} cannot be read: {fault.Message} Mend it, or delete it and add them again.", fault);
        }
    }

    /// <summary>Adds a folder; one that is there already gets the new id.</summary>
    /// <param name="folder">Absolute.</param>
    /// <param name="id">What the model in it is called; null: as the folder says.</param>
    public void Add(string folder, string? id)
    {
        lock (_lock)
        {
            var others = _all.Where(place => place.Path != folder).ToList();
            if (others.Count >= MaxFolders)
                throw ApiException.Invalid("path", $"{MaxFolders} folders are added already. Remove some first.");
            Save([.. others, new ModelPlace(ModelOrigin.Added, folder, id)]);
        }
    }

    /// <summary>Forgets a folder, whose files stay. False where it was not added.</summary>
    public bool Remove(string folder)
    {
        lock (_lock)
        {
            var others = _all.Where(place => place.Path != folder).ToList();
            if (others.Count == _all.Count)
                return false;
            Save(others);
            return true;
        }
    }

    private void Save(IReadOnlyList<ModelPlace> all)
    {
        _data.Ensure(_data.State);
        string next = _path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(
            new AddedFolders([.. all.Select(place => new AddedFolder(place.Path, place.Id))]), AddedJson.Wire.AddedFolders));
        File.Move(next, _path, overwrite: true);
        _all = all;
    }
}

/// <param name="Folders">In the order in which they were added.</param>
internal sealed record AddedFolders(IReadOnlyList<AddedFolder> Folders);

/// <param name="Path">Absolute.</param>
/// <param name="Id">What the model in it is called; null: as the folder says.</param>
internal sealed record AddedFolder(string Path, string? Id);

[JsonSerializable(typeof(AddedFolders))]
internal sealed partial class AddedJson : JsonSerializerContext
{
    public static AddedJson Wire { get; } = new(WireFormat.Options());
}
