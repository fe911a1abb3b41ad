using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>
/// The prefixes of a model: by <c>config_sentence_transformers.json</c>, which names them freely, else by <see cref="KnownModel"/>.
/// </summary>
internal sealed record Prompts(string Query, string Document)
{
    private static readonly string[] QueryNames =
        ["query", "search_query", "retrieval.query", "retrieval-query", "retrieval_query", "s2p_query", "web_search_query"];

    private static readonly string[] DocumentNames =
        ["document", "passage", "search_document", "retrieval.passage", "retrieval-document", "retrieval_document", "corpus", "text"];

    /// <summary>What goes before a text.</summary>
    public string For(InputType type) => type == InputType.Query ? Query : Document;

    /// <summary>Reads a folder's prefixes; both are empty for a model that needs none.</summary>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    public static Prompts Read(string folder, KnownModel? known)
    {
        string file = Path.Combine(folder, "config_sentence_transformers.json");
        var section = File.Exists(file) ? ConfigReader.Open(file).Section("prompts") : null;
        string? query = Find(section, QueryNames), document = Find(section, DocumentNames);
        // A model that declares one of them needs none for the other; two empty ones are what saving a model writes by itself.
        return string.IsNullOrEmpty(query) && string.IsNullOrEmpty(document)
            ? new Prompts(known?.Query ?? "", known?.Document ?? "")
            : new Prompts(query ?? "", document ?? "");
    }

    private static string? Find(ConfigReader? prompts, string[] names)
    {
        foreach (string name in names)
        {
            if (prompts?.Keys.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } key)
                return prompts.Text(key);
        }

        return null;
    }
}
