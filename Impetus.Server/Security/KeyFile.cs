using System.Text.Json;
using System.Text.Json.Serialization;
using Impetus.Server.Hosting;

namespace Impetus.Server.Security;

/// <summary>A named key, as it is kept.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Sha256">The key's hash in hex. A key has 256 random bits, so that a plain hash gives nothing away.</param>
/// <param name="Created">When it was made.</param>
public sealed record NamedKey(string Name, string Sha256, DateTimeOffset Created);

/// <summary><c>keys.json</c>: read once, written whole by rename. Thread safe.</summary>
internal sealed class KeyFile
{
    private const int MaxKeys = 100;

    private readonly Lock _writing = new();
    private readonly string _path;
    private volatile IReadOnlyList<NamedKey> _keys;
    private volatile IReadOnlyList<byte[]> _hashes;

    /// <exception cref="SettingsException">The file is damaged.</exception>
    public KeyFile(string path)
    {
        _path = path;
        try
        {
            _keys = File.Exists(path) ? JsonSerializer.Deserialize(SecretFile.Read(path), KeyJson.Default.KeyList)?.Keys ?? [] : [];
            _hashes = Hash(_keys);
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw new SettingsException($"{path} is damaged: {fault.Message} Mend it, or delete it to revoke the keys in it.", fault);
        }
    }

    public IReadOnlyList<NamedKey> Keys => _keys;

    public IReadOnlyList<byte[]> Hashes => _hashes;

    public void Add(NamedKey key)
    {
        lock (_writing)
        {
            if (_keys.Any(k => k.Name == key.Name))
                throw new ArgumentException($"There is a key named '{key.Name}' already.", nameof(key));
            if (_keys.Count == MaxKeys)
                throw new ArgumentException($"There are {MaxKeys} keys already. Revoke one that is not used.", nameof(key));
            Store([.. _keys, key]);
        }
    }

    public bool Remove(string name)
    {
        lock (_writing)
        {
            if (_keys.All(k => k.Name != name))
                return false;
            Store([.. _keys.Where(k => k.Name != name)]);
            return true;
        }
    }

    private void Store(IReadOnlyList<NamedKey> keys)
    {
        SecretFile.Replace(_path, JsonSerializer.Serialize(new(1, keys), KeyJson.Default.KeyList));
        (_keys, _hashes) = (keys, Hash(keys));
    }

    private static IReadOnlyList<byte[]> Hash(IReadOnlyList<NamedKey> keys) => [.. keys.Select(k => Convert.FromHexString(k.Sha256))];
}

internal sealed record KeyList(int Version, IReadOnlyList<NamedKey> Keys);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(KeyList))]
internal sealed partial class KeyJson : JsonSerializerContext;
