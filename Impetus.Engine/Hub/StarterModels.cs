namespace Impetus.Engine.Hub;

/// <summary>
/// The two small models that travel with the product, so that a first run needs no network. They lie in a folder <c>Models</c>
/// beside the program, or, in a checkout, above it.
/// </summary>
public static class StarterModels
{
    /// <summary>The chat model's id.</summary>
    public const string Chat = "HuggingFaceTB/SmolLM2-135M-Instruct";

    /// <summary>The embedding model's id.</summary>
    public const string Embedding = "sentence-transformers/all-MiniLM-L6-v2";

    /// <summary>Both ids.</summary>
    public static IReadOnlyList<string> Ids { get; } = [Chat, Embedding];

    /// <summary>The folder of a starter model; null if the id is none, or the product was installed without it.</summary>
    /// <param name="id">A model id.</param>
    /// <param name="start">Where to look, and above; by default where the program is.</param>
    public static string? Find(string id, string? start = null)
    {
        if (!Ids.Contains(id, StringComparer.Ordinal))
            return null;
        string name = id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..];
        for (var at = new DirectoryInfo(start ?? AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "Models", name);
            if (File.Exists(Path.Combine(folder, "config.json")))
                return folder;
        }

        return null;
    }
}
