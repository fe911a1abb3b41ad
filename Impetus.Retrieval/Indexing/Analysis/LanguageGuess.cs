using System.Text;

namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>Guesses a text's language from its script and small words: enough to choose a stemmer, no more.</summary>
internal static class LanguageGuess
{
    private const int SampleLength = 20_000;
    private const int MaxWords = 2_000;

    /// <summary>The language of a question among those of the documents, most frequent first; of the question alone where there are none.</summary>
    public static string Of(string query, IReadOnlyList<string> documents)
    {
        if (documents.Count == 0)
            return Of(query);
        if (documents.Count == 1)
            return documents[0];
        string guess = Of(query);
        return documents.Contains(guess) ? guess : documents[0];
    }

    /// <summary>ISO 639-1 code, or <see cref="Languages.Undetermined"/> where the text has no letters.</summary>
    public static string Of(string text)
    {
        string sample = text.Length <= SampleLength ? text : text[..SampleLength];
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        int latin = 0;
        foreach (var rune in sample.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune))
                continue;
            if (Scripts.LanguageOf(rune) is { } language)
                votes[language] = votes.GetValueOrDefault(language) + 1;
            else
                latin++;
        }
        var (other, most) = votes.Count == 0 ? default : votes.MaxBy(vote => vote.Value);
        if (most == 0 && latin == 0)
            return Languages.Undetermined;
        // A letter of Chinese weighs as a word does; five letters of Latin are one.
        int weight = other is "zh" or "ja" or "ko" ? 5 : 1;
        if (most * weight >= latin)
            return other == "zh" && votes.ContainsKey("ja") ? "ja" : other!;
        var words = new List<string>();
        TextAnalyzer.ForEachWord(sample, (word, script) =>
        {
            if (script == Script.Latin && words.Count < MaxWords)
                words.Add(word.ToString());
        });
        return Languages.OfLatinWords(words);
    }
}
