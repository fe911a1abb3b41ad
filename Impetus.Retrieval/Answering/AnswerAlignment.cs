using System.Globalization;
using System.Text.RegularExpressions;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing.Analysis;
using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Answering;

/// <summary>
/// Finds for each sentence of an answer the narrowest sentences of the evidence that say the same, by words and by meaning, whatever
/// numbers the model wrote. A sentence is not supported that has a number that its evidence lacks, or a name that the passage and its title
/// lack. Thread-safe.
/// </summary>
/// <param name="embedder">Compares meanings.</param>
public sealed partial class AnswerAlignment(IEmbeddingGenerator<string, Embedding<float>> embedder)
{
    /// <summary>A sentence whose best support is below this is marked unsupported.</summary>
    public const double Threshold = 0.55;

    private const double OwnNumberBonus = 0.1;
    private const double WorthAnotherSentence = 0.2;
    private const int MaxSentences = 200;
    private const int Depth = 8;

    /// <summary>A citation for each sentence that states something, in the order of the answer.</summary>
    public async Task<IReadOnlyList<Citation>> AlignAsync(string answer, IReadOnlyList<Evidence> evidence, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(evidence);
        string language = LanguageGuess.Of(evidence.Count == 0 ? answer : evidence[0].Text);
        var sentences = EvidenceSentence.Split(evidence, language);
        var statements = Statements(answer, language).Take(MaxSentences).ToList();
        foreach (var statement in statements)
            statement.Candidates.AddRange(Likeliest(statement, sentences));
        var meaning = await SentenceMeaning.OfAsync(
            embedder,
            statements.SelectMany(statement => statement.Candidates.Select(candidate => candidate.Text).Append(statement.Text)),
            cancellationToken).ConfigureAwait(false);
        return [.. statements.Select(statement => Cite(answer, statement, sentences, meaning))];
    }

    /// <summary>Embedding is what costs: only sentences with shared words are compared, and a few of the best evidence for paraphrases.</summary>
    private static IEnumerable<EvidenceSentence> Likeliest(Statement statement, List<EvidenceSentence> sentences) =>
        sentences.OrderByDescending(sentence => ContentTerms.Coverage(statement.Terms, sentence.Terms)).Take(Depth);

    private static Citation Cite(string answer, Statement statement, List<EvidenceSentence> sentences, SentenceMeaning meaning)
    {
        int start = CodePoints.Count(answer.AsSpan(0, statement.Range.Start));
        int end = start + CodePoints.Count(answer.AsSpan(statement.Range.Start, statement.Range.End - statement.Range.Start));
        var best = statement.Candidates
            .Select(candidate => Widen(statement, candidate, sentences, meaning))
            .OrderByDescending(window => window.Score + (statement.Numbers.Contains(window.Evidence.Number) ? OwnNumberBonus : 0))
            .FirstOrDefault();
        if (best is null || best.Score < Threshold)
            return new Citation(start, end, null, 0, 0, "", best?.Score ?? 0);
        string text = best.Evidence.Text;
        string quote = text[best.Range.Start..best.Range.End];
        int first = best.Evidence.Start + CodePoints.Count(text.AsSpan(0, best.Range.Start));
        return new Citation(start, end, best.Evidence, first, first + CodePoints.Count(quote), quote, Math.Round(best.Score, 4));
    }

    /// <summary>The sentence, with a neighbour where that says clearly more of the statement.</summary>
    private static Window Widen(Statement statement, EvidenceSentence sentence, List<EvidenceSentence> sentences, SentenceMeaning meaning)
    {
        double alike = meaning.Similarity(statement.Text, sentence.Text);
        var best = Score(statement, sentence, sentence.Range, sentence.Terms, alike);
        foreach (var neighbour in sentences.Where(other => other.Evidence == sentence.Evidence && Math.Abs(other.Index - sentence.Index) == 1))
        {
            var range = new TextRange(Math.Min(sentence.Range.Start, neighbour.Range.Start), Math.Max(sentence.Range.End, neighbour.Range.End));
            var wider = Score(statement, sentence, range, [.. sentence.Terms, .. neighbour.Terms], alike);
            if (wider.Coverage >= best.Coverage + WorthAnotherSentence)
                best = wider;
        }
        return best;
    }

    private static Window Score(Statement statement, EvidenceSentence sentence, TextRange range, HashSet<string> terms, double alike)
    {
        double coverage = ContentTerms.Coverage(statement.Terms, terms);
        bool hasNumbers = statement.Terms.Where(term => term.Any(char.IsDigit)).All(terms.Contains);
        bool hasNames = statement.Names.All(sentence.PassageTerms.Contains);
        return new Window(sentence.Evidence, range, coverage, hasNumbers && hasNames ? (coverage + alike) / 2 : 0);
    }

    private static IEnumerable<Statement> Statements(string answer, string language)
    {
        foreach (var range in EvidenceSentence.RangesOf(answer, byLine: true))
        {
            string sentence = answer[range.Start..range.End];
            string text = Marker().Replace(sentence, "").Trim();
            var terms = ContentTerms.Of(text, language);
            if (terms.Count == 0)
                continue;
            HashSet<int> numbers = [.. Marker().Matches(sentence).SelectMany(match => Digits().Matches(match.Value)).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))];
            yield return new Statement(range, text, terms, ProperNames.Of(text, language), numbers, []);
        }
    }

    [GeneratedRegex(@"\s*\[\d{1,6}(?:\s*,\s*\d{1,6})*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\d{1,6}", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    /// <summary>A sentence of the answer: its range, its text without numbers of evidence, its words, the names among them, and these numbers.</summary>
    private sealed record Statement(TextRange Range, string Text, HashSet<string> Terms, HashSet<string> Names, HashSet<int> Numbers, List<EvidenceSentence> Candidates);

    /// <summary>A run of sentences and how well it supports a statement.</summary>
    private sealed record Window(Evidence Evidence, TextRange Range, double Coverage, double Score);
}
