using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Searching;

/// <summary>How much meaning weighs against words; measured, see <c>docs/retrieval.md</c>.</summary>
internal static class FusionWeights
{
    private const double KnownLanguage = 0.5;

    /// <summary>A language in the letters that the model knows shares names and roots with it.</summary>
    private const double KnownScript = 0.2;

    private const double UnknownScript = 0.1;

    /// <summary>Whether the model can compare texts in a language, as far as its card tells.</summary>
    public static bool Knows(EmbeddingModel model, string language) =>
        model.Languages.Count == 0 || model.Languages.Contains(language) || language == Languages.Undetermined;

    /// <summary>The weight for a question in this language: a model that does not know it has little to say.</summary>
    public static double Dense(EmbeddingModel model, string language) =>
        Knows(model, language) ? KnownLanguage
        : Languages.IsLatin(language) ? KnownScript
        : UnknownScript;
}
