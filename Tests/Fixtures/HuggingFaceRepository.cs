using System.Security.Cryptography;

namespace Impetus.Tests;

/// <summary>A model in a cache laid out as Hugging Face's libraries lay it out: blobs, and snapshots of links to them.</summary>
internal sealed class HuggingFaceRepository(string cache, string id)
{
    public const string Commit = "7ae557604adf67be50417f59c2c2f167def9a775";

    public string Folder { get; } = Path.Combine(cache, $"models--{id.Replace("/", "--", StringComparison.Ordinal)}");

    public string Snapshot(string commit = Commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>Downloads every file of a folder, except some.</summary>
    public HuggingFaceRepository Download(string from, string commit = Commit, params string[] except)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !except.Contains(Path.GetFileName(file))))
            Put(Path.GetRelativePath(from, file), File.ReadAllBytes(file), commit);
        return this;
    }

    /// <summary>Downloads a file.</summary>
    /// <returns>The blob's path.</returns>
    public string Put(string name, byte[] bytes, string commit = Commit)
    {
        string blob = Directory.CreateDirectory(Path.Combine(Folder, "blobs")).FullName + "/" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes(blob, bytes);
        string link = Path.Combine(Snapshot(commit), name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        return blob;
    }

    /// <summary>Begins to download a file, and is interrupted.</summary>
    public void Begin(int bytes) => File.WriteAllBytes(
        Directory.CreateDirectory(Path.Combine(Folder, "blobs")).FullName + $"/{RandomNumberGenerator.GetHexString(64, lowercase: true)}.incomplete", new byte[bytes]);

    /// <summary>Lets a name point to a commit.</summary>
    public HuggingFaceRepository Refer(string name = "main", string commit = Commit)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "refs"));
        File.WriteAllText(Path.Combine(Folder, "refs", name), commit);
        return this;
    }
}
