using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Searching;

/// <summary>How much meaning weighs against words; measured, see <c>docs/retrieval.md</c>.</summary>
internal static class FusionWeights
{
    public const double KnownLanguage = 0.5;
    public const double UnknownLanguage = 0.1;

    /// <summary>The weight for a question in this language: a model that does not know it has little to say.</summary>
    public static double Dense(EmbeddingModel model, string language) =>
        model.Languages.Count == 0 || model.Languages.Contains(language) ? KnownLanguage : UnknownLanguage;
}
