namespace Impetus.Engine.Hub;

/// <summary>
/// Reads the cache that Hugging Face's libraries share: <c>models--org--name</c> with <c>refs</c> (names of commits), <c>snapshots</c> (a
/// folder of links for each commit) and <c>blobs</c> (what they point to; <c>.incomplete</c> while it is downloaded).
/// </summary>
/// <remarks>Layout: https://huggingface.co/docs/hub/local-cache. Nothing is ever written to it.</remarks>
public static class HuggingFaceCache
{
    private const string Prefix = "models--";
    private const int MaxRef = 256;

    /// <summary>Where the cache is: <c>HF_HUB_CACHE</c>, <c>HF_HOME/hub</c>, or <c>huggingface/hub</c> in the user's cache folder.</summary>
    /// <param name="environment">The value of a variable.</param>
    /// <param name="home">The user's home folder.</param>
    public static string Locate(Func<string, string?> environment, string home)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        if ((Variable("HF_HUB_CACHE") ?? Variable("HUGGINGFACE_HUB_CACHE")) is { } cache)
            return cache;
        string huggingFace = Variable("HF_HOME") ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "huggingface");
        return Path.Combine(huggingFace, "hub");
    }

    /// <summary>The models in a cache: of each the commit that <c>main</c> is at, else the one that came last.</summary>
    /// <param name="root">The cache, which need not exist.</param>
    /// <param name="origin">Whose the models are.</param>
    public static IEnumerable<FoundModel> Find(string root, ModelOrigin origin = ModelOrigin.HuggingFace) =>
        Folders.In(root).Select(repository => FindIn(repository, origin)).OfType<FoundModel>();

    /// <summary>The model of one <c>models--org--name</c>; null where the folder is none, or nothing of it was downloaded.</summary>
    public static FoundModel? FindIn(string repository, ModelOrigin origin = ModelOrigin.HuggingFace) =>
        IdOf(repository) is { } id && Snapshot(repository) is { } snapshot
            ? new(id, snapshot, origin, Path.GetFileName(snapshot))
            : null;

    /// <summary>The id in the name of such a folder; null where it has none. Models without an organisation get <c>local</c>.</summary>
    public static string? IdOf(string repository)
    {
        string name = Path.GetFileName(repository);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        // Neither an organisation's name nor a model's may have two dashes in a row.
        string id = name[Prefix.Length..] is var rest && rest.IndexOf("--", StringComparison.Ordinal) is > 0 and var at
            ? $"{rest[..at]}/{rest[(at + 2)..]}"
            : $"{ModelId.Local}/{rest}";
        return ModelId.IsValid(id) ? id : null;
    }

    private static string? Snapshot(string repository)
    {
        var snapshots = Folders.In(Path.Combine(repository, "snapshots")).ToList();
        string? main = MainCommit(repository);
        return snapshots.FirstOrDefault(snapshot => Path.GetFileName(snapshot) == main)
            ?? snapshots.OrderByDescending(Directory.GetLastWriteTimeUtc).ThenBy(snapshot => snapshot, StringComparer.Ordinal).FirstOrDefault();
    }

    private static string? MainCommit(string repository)
    {
        var file = new FileInfo(Path.Combine(repository, "refs", "main"));
        try
        {
            return file is { Exists: true, Length: <= MaxRef } ? File.ReadAllText(file.FullName).Trim() : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
