namespace Impetus.Retrieval.Answering;

/// <summary>
/// How much the words of a text say in the company of some sentences: Lucene's idf over these, so that a word that all of them hold weighs
/// little, and the share of the text's weight that a sentence covers.
/// </summary>
internal sealed class TermWeights
{
    private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);
    private readonly double _total;

    public TermWeights(HashSet<string> terms, IReadOnlyCollection<EvidenceSentence> sentences)
    {
        foreach (string term in terms)
        {
            int holders = sentences.Count(sentence => sentence.Terms.Contains(term));
            _weights[term] = Math.Log(1 + (sentences.Count - holders + 0.5) / (holders + 0.5));
        }
        _total = _weights.Values.Sum();
    }

    /// <summary>The share of the weight that these words hold together, 0 to 1.</summary>
    public double Coverage(params ReadOnlySpan<HashSet<string>> holders)
    {
        double covered = 0;
        foreach (var (term, weight) in _weights)
        {
            foreach (var held in holders)
            {
                if (!held.Contains(term))
                    continue;
                covered += weight;
                break;
            }
        }
        return _total == 0 ? 0 : covered / _total;
    }
}
