using System.Text.RegularExpressions;
using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Answering;

/// <summary>The questions in a question: by its punctuation and question words, or as a model wrote them.</summary>
internal static partial class QuestionParts
{
    /// <summary>The most parts that are searched for.</summary>
    public const int Most = 3;

    private const int MaxLength = 300;

    /// <summary>Sentences, and clauses that begin with a question word behind "and"; one part where there is nothing to split.</summary>
    public static IReadOnlyList<string> ByForm(string question)
    {
        string[] parts = [.. Border().Split(question).Select(part => part.Trim(' ', '\t', '\n', ',', ';')).Where(HasWords).Take(Most)];
        return parts.Length > 1 ? parts : [question];
    }

    /// <summary>
    /// The lines of a model that are about the question: each must share a word with it and not be all of it. A small model writes much that
    /// is not.
    /// </summary>
    public static IReadOnlyList<string> Written(string text, string question)
    {
        string language = LanguageGuess.Of(question);
        var terms = ContentTerms.Of(question, language);
        return [.. text.Split('\n').Select(line => Number().Replace(line, "").Trim())
            .Where(line => line.Length is > 0 and <= MaxLength && !line.Equals(question, StringComparison.OrdinalIgnoreCase))
            .Where(line => ContentTerms.Of(line, language).Overlaps(terms))
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(Most)];
    }

    private static bool HasWords(string part) => ContentTerms.Of(part, LanguageGuess.Of(part)).Count > 0;

    [GeneratedRegex(@"(?<=[?!.;])\s+|\n+|,?\s+(?:and|und)\s+(?=(?:who|whom|whose|what|which|when|where|why|how|wer|wem|wen|was|welche[rsmn]?|wann|wo|warum|wie)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Border();

    [GeneratedRegex(@"^\s*(?:[-*•]|\(?\d{1,2}[.):])\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
