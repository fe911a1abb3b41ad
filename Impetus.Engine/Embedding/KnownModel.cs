using System.Text.RegularExpressions;

namespace Impetus.Engine.Embedding;

/// <summary>
/// What the cards of popular models ask for and their files do not say: prefixes, and the fewest dimensions that they were
/// trained for. What a checkpoint says itself goes first.
/// </summary>
/// <param name="Name">Matches the model's id, <c>org/name</c>, also that of conversions.</param>
/// <param name="Query">Goes before a query.</param>
/// <param name="Document">Goes before a passage.</param>
/// <param name="SmallestDimensions">The fewest dimensions of a cut vector.</param>
/// <param name="Source">Where that is said.</param>
internal sealed record KnownModel(string Name, string Query, string Document, int SmallestDimensions, string Source)
{
    private const string Represent = "Represent this sentence for searching relevant passages: ";
    private const string Instruct = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:";
    private const string Cards = "https://huggingface.co/";

    /// <summary>All entries.</summary>
    public static IReadOnlyList<KnownModel> All { get; } =
    [
        new(@"\be5-(small|base|large)(-v2|-unsupervised)?(-mlx|-[0-9]bit|-fp16|-bf16)*$", "query: ", "passage: ", 1, Cards + "intfloat/multilingual-e5-base"),
        new(@"\bbge-(small|base|large)-en\b", Represent, "", 1, Cards + "BAAI/bge-base-en-v1.5"),
        new(@"\bbge-(small|base|large)-zh\b", "为这个句子生成表示以用于检索相关文章：", "", 1, Cards + "BAAI/bge-base-zh-v1.5"),
        new(@"\bmxbai-embed-large-v1\b", Represent, "", 1, Cards + "mixedbread-ai/mxbai-embed-large-v1"),
        new(@"\barctic-embed-[ml]-v2\.0\b", "query: ", "", 256, Cards + "Snowflake/snowflake-arctic-embed-m-v2.0"),
        new(@"\barctic-embed-m-v1\.5\b", Represent, "", 256, Cards + "Snowflake/snowflake-arctic-embed-m-v1.5"),
        new(@"\barctic-embed-(xs|s|m|l|m-long)\b", Represent, "", 1, Cards + "Snowflake/snowflake-arctic-embed-m"),
        new(@"\bnomic-embed-text-v1\.5\b", "search_query: ", "search_document: ", 64, Cards + "nomic-ai/nomic-embed-text-v1.5"),
        new(@"\bnomic-embed-text-v1\b", "search_query: ", "search_document: ", 1, Cards + "nomic-ai/nomic-embed-text-v1"),
        new(@"\bmodernbert-embed-base\b", "search_query: ", "search_document: ", 256, Cards + "nomic-ai/modernbert-embed-base"),
        new(@"\bembeddinggemma-300m\b", "task: search result | query: ", "title: none | text: ", 128, Cards + "google/embeddinggemma-300m"),
        new(@"\bqwen3-embedding-\d", Instruct, "", 32, Cards + "Qwen/Qwen3-Embedding-0.6B"),
    ];

    /// <summary>The entry of a model; null for others.</summary>
    /// <param name="id">Its id, or the last two parts of its folder's path.</param>
    public static KnownModel? Find(string id) =>
        All.FirstOrDefault(model => Regex.IsMatch(id, model.Name, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
}
