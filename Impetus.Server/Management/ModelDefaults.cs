using System.Text.Json;
using System.Text.Json.Serialization;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>What people set for single models, kept in <c>state/models.json</c>. Thread safe.</summary>
public sealed class ModelDefaults(DataDirectory data)
{
    private readonly Lock _lock = new();
    private Dictionary<string, ModelDefault>? _models;

    private string FilePath => Path.Combine(data.State, "models.json");

    /// <summary>What is set for a model.</summary>
    public (KeepAlive? KeepAlive, bool Pinned) Of(string id)
    {
        lock (_lock)
        {
            return Models.GetValueOrDefault(id) is { } own
                ? (own.KeepAliveSeconds is { } seconds ? new KeepAlive(seconds < 0 ? null : TimeSpan.FromSeconds(seconds)) : null, own.Pinned)
                : default;
        }
    }

    /// <summary>Sets what a model does from now on, where a request does not say otherwise.</summary>
    /// <param name="id">The model.</param>
    /// <param name="keepAlive">Null: as it was.</param>
    /// <param name="pinned">Null: as it was.</param>
    public void Set(string id, KeepAlive? keepAlive, bool? pinned)
    {
        if (keepAlive is null && pinned is null)
            return;
        lock (_lock)
        {
            var own = Models.GetValueOrDefault(id) ?? new ModelDefault(null, false);
            Models[id] = new(
                keepAlive is { } keep ? keep.Idle?.TotalSeconds ?? -1 : own.KeepAliveSeconds,
                pinned ?? own.Pinned);
            string path = Path.Combine(data.Ensure(data.State), "models.json"), next = path + ".new";
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(Models, ModelDefaultJson.Default.DictionaryStringModelDefault));
            File.Move(next, path, overwrite: true);
        }
    }

    private Dictionary<string, ModelDefault> Models => _models ??= Read();

    private Dictionary<string, ModelDefault> Read()
    {
        if (!File.Exists(FilePath))
            return new(StringComparer.Ordinal);
        try
        {
            return new(JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), ModelDefaultJson.Default.DictionaryStringModelDefault) ?? [], StringComparer.Ordinal);
        }
        catch (JsonException fault)
        {
            throw new SettingsException($"{FilePath} cannot be read: {fault.Message} Mend it, or delete it to forget what was set for single models.", fault);
        }
    }
}

/// <param name="KeepAliveSeconds">Negative: for ever; null: not set.</param>
/// <param name="Pinned">Whether it stays until it is unloaded by name.</param>
internal sealed record ModelDefault(double? KeepAliveSeconds, bool Pinned);

[JsonSerializable(typeof(Dictionary<string, ModelDefault>))]
internal sealed partial class ModelDefaultJson : JsonSerializerContext;
