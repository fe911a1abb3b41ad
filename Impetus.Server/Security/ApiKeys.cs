using System.Security.Cryptography;
using System.Text;
using Impetus.Server.Hosting;

namespace Impetus.Server.Security;

/// <summary>
/// The keys that open the server: the first one (<c>state/api-key</c>, kept readable for its owner), named ones
/// (<c>state/keys.json</c>, kept as hashes), and one for this run from the environment. Thread safe.
/// </summary>
public sealed class ApiKeys
{
    internal const string WellFormed = "1 to 256 visible ASCII characters without spaces";

    /// <summary>A shorter key can be guessed.</summary>
    internal const int SafeLength = 16;

    private readonly KeyFile _named;
    private readonly byte[][] _fixed;

    private ApiKeys(string path, string first, bool isNew, KeyFile named, string? extra)
    {
        (FirstPath, First, IsNew, _named) = (path, first, isNew, named);
        _fixed = extra is null ? [Hash(first)] : [Hash(first), Hash(extra)];
    }

    /// <summary>The file that holds the first key.</summary>
    public string FirstPath { get; }

    /// <summary>The first key itself. For a terminal or the clipboard, never for a log or a redirected output.</summary>
    public string First { get; }

    /// <summary>Whether the first key was made just now.</summary>
    public bool IsNew { get; }

    /// <summary>Reads the keys, or makes the first one.</summary>
    /// <param name="data">Where they are kept.</param>
    /// <param name="extra">A further key for this run.</param>
    /// <exception cref="SettingsException">A key file cannot be used; the message says what to do.</exception>
    public static ApiKeys Open(DataDirectory data, string? extra = null)
    {
        string path = Path.Combine(data.Ensure(data.State), "api-key");
        bool isNew = SecretFile.TryCreate(path, NewKey);
        string first = SecretFile.Read(path).Trim();
        if (!IsWellFormed(first))
            throw new SettingsException($"{path} holds no usable key. Delete the file; a new key is made at the next start.");
        return new(path, first, isNew, new(Path.Combine(data.State, "keys.json")), extra);
    }

    /// <summary>What a key opens. Takes the same time for every wrong key.</summary>
    public KeyKind Recognize(string presented)
    {
        byte[] hash = Hash(presented);
        return IsAmong(hash, _fixed) ? KeyKind.Owner : IsAmong(hash, _named.Hashes) ? KeyKind.Named : KeyKind.None;
    }

    /// <summary>The named keys, without the keys themselves.</summary>
    public IReadOnlyList<NamedKey> List() => _named.Keys;

    /// <summary>Makes a named key and returns it: the only time that it can be seen.</summary>
    /// <exception cref="ArgumentException">There is a key of this name, or there are too many.</exception>
    public string Add(string name)
    {
        string key = NewKey();
        _named.Add(new(name, Convert.ToHexStringLower(Hash(key)), DateTimeOffset.UtcNow));
        return key;
    }

    /// <summary>Makes a named key useless, at once. False if there is none of this name.</summary>
    public bool Revoke(string name) => _named.Remove(name);

    /// <summary>Whether a text can serve as a key: 1 to 256 visible ASCII characters without spaces.</summary>
    public static bool IsWellFormed(string key) => key.Length is >= 1 and <= 256 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>A key of 256 random bits, which opens nothing until a server is told of it.</summary>
    public static string NewKey() =>
        "sk-impetus-" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static bool IsAmong(byte[] hash, IReadOnlyList<byte[]> known)
    {
        bool found = false;
        foreach (byte[] one in known)
            found |= CryptographicOperations.FixedTimeEquals(hash, one);
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>What a key opens.</summary>
public enum KeyKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Everything but the keys: it was made for one program.</summary>
    Named,

    /// <summary>Everything: the first key, or the one from the environment.</summary>
    Owner,
}
