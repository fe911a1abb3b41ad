using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Searching;

/// <summary>A chunk that a search considers.</summary>
internal readonly record struct CandidateKey(long Collection, long Chunk);

/// <summary>A ranked chunk with its signals.</summary>
internal sealed record Candidate(CollectionRow Collection, long Chunk, long Document, double Score, SignalScores Scores)
{
    public CandidateKey Key => new(Collection.Id, Chunk);
}

/// <summary>A chunk that was fetched: its row, document and text.</summary>
internal sealed record Passage(Candidate Candidate, ChunkRow Chunk, DocumentRow Document, string Text)
{
    private Dictionary<string, int>? _terms;

    /// <summary>Its index terms, and how often each occurs.</summary>
    public IReadOnlyDictionary<string, int> Terms => _terms ??= Count();

    private Dictionary<string, int> Count()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var spans = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        TextAnalyzer.Analyze(Text, Document.Language, term => spans[term] = spans.TryGetValue(term, out int count) ? count + 1 : 1);
        return counts;
    }
}
