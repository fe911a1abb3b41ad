namespace Impetus.Retrieval.Indexing;

/// <summary>
/// What the embedder sees of a chunk: title and headings first, for a passage seldom says what it is about. The chunk itself, what is shown
/// and cited, stays as it is.
/// </summary>
internal static class EmbeddingText
{
    /// <summary>Tokens that chunks leave free for title and headings.</summary>
    public const int HeaderTokens = 32;

    /// <summary>The text to embed: within the model's limit where the chunk is.</summary>
    /// <param name="model">The model that will see it.</param>
    /// <param name="title">The document's title; null where it has none but its file's name.</param>
    /// <param name="headingPath">The headings above the chunk.</param>
    /// <param name="text">The chunk.</param>
    public static string Of(EmbeddingModel model, string? title, IReadOnlyList<string> headingPath, string text)
    {
        string header = string.Join(
            '\n', headingPath.Prepend(title ?? "").Distinct(StringComparer.Ordinal).Where(line => line.Length > 0 && !Begins(text, line)));
        if (header.Length == 0)
            return text;
        int room = Math.Min(HeaderTokens, model.MaxTokens - model.Tokens.Count(text));
        int length = room <= 0 ? 0 : model.Tokens.PrefixLength(header, room);
        return length == 0 ? text : $"{header[..length]}\n{text}";
    }

    /// <summary>A section's first chunk begins with its heading as it is.</summary>
    private static bool Begins(string text, string line) => text.AsSpan().TrimStart().StartsWith(line.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);
}
