using System.Globalization;
using System.Text;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing.Analysis;
using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Answering;

/// <summary>An answer without a model: the sentences of the evidence that fit the question best, exactly as they stand.</summary>
/// <param name="Text">The sentences, each with the number of its evidence.</param>
/// <param name="Citations">One for each sentence.</param>
public sealed record ExtractiveAnswer(string Text, IReadOnlyList<Citation> Citations)
{
    private const int MaxSentences = 3;
    private const double NearBest = 0.7;
    private const double FromBefore = 0.5;
    private const int Candidates = 24;

    /// <summary>Picks the best sentence and those nearly as good, up to three; empty where there is no evidence.</summary>
    /// <remarks>
    /// A sentence is as good as the mean of the weight of the question's words that it holds and of its cosine with the question. Words that
    /// only the sentence before it holds count half: what it calls "it" was named there. Measured in <c>docs/answers.md</c>.
    /// </remarks>
    public static async Task<ExtractiveAnswer> MakeAsync(
        string question, IReadOnlyList<Evidence> evidence, IEmbeddingGenerator<string, Embedding<float>> embedder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Count == 0)
            return new ExtractiveAnswer("", []);
        string language = LanguageGuess.Of(evidence[0].Text);
        var sentences = EvidenceSentence.Split(evidence, language);
        var weights = new TermWeights(ContentTerms.Of(question, language), sentences);
        var likely = sentences.Select((sentence, i) => (Sentence: sentence, Words: Words(weights, sentence, i > 0 ? sentences[i - 1] : null)))
            .OrderByDescending(pair => pair.Words).Take(Candidates).ToList();
        var meaning = await SentenceMeaning.OfAsync(embedder, likely.Select(pair => pair.Sentence.Text).Append(question), cancellationToken)
            .ConfigureAwait(false);
        var scored = likely.Select(pair => (pair.Sentence, Score: (pair.Words + meaning.Similarity(question, pair.Sentence.Text)) / 2))
            .OrderByDescending(pair => pair.Score)
            .ToList();
        return Write(scored.Take(MaxSentences).Where(pair => pair.Score >= NearBest * scored[0].Score));
    }

    private static double Words(TermWeights weights, EvidenceSentence sentence, EvidenceSentence? before)
    {
        double own = weights.Coverage(sentence.Terms);
        return before?.Evidence == sentence.Evidence ? own + FromBefore * (weights.Coverage(sentence.Terms, before.Terms) - own) : own;
    }

    private static ExtractiveAnswer Write(IEnumerable<(EvidenceSentence Sentence, double Score)> chosen)
    {
        var text = new StringBuilder();
        var citations = new List<Citation>();
        int position = 0;
        foreach (var (sentence, score) in chosen)
        {
            if (text.Length > 0)
            {
                text.Append("\n\n");
                position += 2;
            }
            var evidence = sentence.Evidence;
            int start = evidence.Start + CodePoints.Count(evidence.Text.AsSpan(0, sentence.Range.Start));
            int length = CodePoints.Count(sentence.Text);
            string marker = string.Create(CultureInfo.InvariantCulture, $" [{evidence.Number}]");
            text.Append(sentence.Text).Append(marker);
            citations.Add(new Citation(position, position + length, evidence, start, start + length, sentence.Text, Math.Round(score, 4)));
            position += length + marker.Length;
        }
        return new ExtractiveAnswer(text.ToString(), citations);
    }
}
