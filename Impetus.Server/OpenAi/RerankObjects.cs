using System.Text.Json.Serialization;

namespace Impetus.Server.OpenAi;

/// <summary>Documents, best first.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Model">The reranker.</param>
/// <param name="Results">The best, at most as many as were asked for.</param>
/// <param name="Usage">Real tokens of all pairs.</param>
/// <param name="Truncated">Which documents were cut; absent if none was.</param>
internal sealed record RerankList(
    string Object,
    string Model,
    IReadOnlyList<RerankResult> Results,
    EmbeddingUsage Usage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Truncated);

/// <summary>One document.</summary>
/// <param name="Index">In the request's list.</param>
/// <param name="RelevanceScore">The raw score's sigmoid, 0 to 1.</param>
/// <param name="RawScore">The model's logit.</param>
/// <param name="Document">Its text, if that was asked for.</param>
internal sealed record RerankResult(
    int Index,
    float RelevanceScore,
    float RawScore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RerankDocument? Document);

/// <param name="Text">As it was sent.</param>
internal sealed record RerankDocument(string Text);
