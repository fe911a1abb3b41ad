using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Indexing.Storage;
using Impetus.Retrieval.Searching.Dense;

namespace Impetus.Retrieval.Searching;

/// <summary>What a search of some collections begins with.</summary>
/// <param name="Allowed">The documents that pass the filter; null means all.</param>
/// <param name="Analyses">What each collection makes of the question.</param>
internal sealed record SearchScope(
    IReadOnlyList<CollectionRow> Collections, IReadOnlySet<long>? Allowed, IReadOnlyDictionary<long, QueryAnalysis> Analyses);

/// <summary>Ranks the chunks of collections by words and by meaning.</summary>
internal sealed class CandidateSearch(LibraryDatabase database, DenseIndexes indexes)
{
    /// <summary>The length of each ranking before they are fused.</summary>
    public const int Depth = 100;

    /// <summary>The best chunks by BM25, best first; scores are FTS5's with the sign turned.</summary>
    public List<Candidate> FullText(SearchScope scope) => database.Read(session =>
    {
        var found = new List<Candidate>();
        foreach (var collection in scope.Collections)
        {
            if (QueryTerms.MatchExpression(scope.Analyses[collection.Id].Terms) is { } expression)
                FullText(session, collection, expression, scope.Allowed, found);
        }
        return Top(found);
    });

    /// <summary>Rows come ranked, and are taken one by one until there are enough that pass.</summary>
    private static void FullText(
        SqliteSession session, CollectionRow collection, string expression, IReadOnlySet<long>? allowed, List<Candidate> found)
    {
        string table = collection.TermsTable;
        int taken = 0;
        session.EachWhile(
            $"""
            SELECT t.rowid, t.rank, k.document FROM {table} t
            CROSS JOIN chunks k ON k.id = t.rowid CROSS JOIN documents d ON d.id = k.document
            WHERE {table} MATCH $1 AND t.rank MATCH $2 AND d.state = 1 ORDER BY t.rank
            """,
            row =>
            {
                long document = row.GetInt64(2);
                if (allowed is not null && !allowed.Contains(document))
                    return true;
                double score = -row.GetDouble(1);
                found.Add(new Candidate(collection, row.GetInt64(0), document, score, new SignalScores(score, null, null)));
                return ++taken < Depth;
            },
            expression, FormattableString.Invariant($"bm25({LibrarySchema.TitleWeight:0.0}, 1.0)"));
    }

    /// <summary>The chunks nearest to the question: by one byte a dimension first, the best then by their floats.</summary>
    public List<Candidate> Dense(CollectionRow collection, float[] query, IReadOnlySet<long>? allowed)
    {
        var nearest = indexes.Get(collection).Search(query, Depth, allowed);
        return database.Read(session =>
        {
            var found = new List<Candidate>(nearest.Count);
            foreach (var (chunk, _) in nearest)
            {
                var row = session.First(
                    $"SELECT v.vector, v.document FROM {collection.VectorsTable} v JOIN documents d ON d.id = v.document WHERE v.chunk = $1 AND d.state = 1",
                    r => (Vector: (byte[])r.GetValue(0), Document: r.GetInt64(1)),
                    chunk);
                if (row.Vector is null)
                    continue;
                double cosine = Int8Vector.Dot(query, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(row.Vector));
                found.Add(new Candidate(collection, chunk, row.Document, cosine, new SignalScores(null, cosine, null)));
            }
            return Top(found);
        });
    }

    /// <summary>The best of a ranking; equal scores by age.</summary>
    public static List<Candidate> Top(List<Candidate> found)
    {
        found.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Chunk.CompareTo(b.Chunk));
        if (found.Count > Depth)
            found.RemoveRange(Depth, found.Count - Depth);
        return found;
    }

    /// <summary>Both rankings in one.</summary>
    public static List<Candidate> Fuse(List<Candidate> fullText, List<Candidate> dense, double denseWeight)
    {
        // A ranking by words that was not cut holds every chunk with any of them.
        var scores = Fusion.Fuse(
            new SignalRanking<CandidateKey>([.. fullText.Select(Scored)], fullText.Count < Depth ? 0 : null),
            new SignalRanking<CandidateKey>([.. dense.Select(Scored)], null),
            denseWeight);
        var byWords = fullText.ToDictionary(candidate => candidate.Key);
        var byMeaning = dense.ToDictionary(candidate => candidate.Key);
        var fused = scores.Select(pair =>
        {
            var words = byWords.GetValueOrDefault(pair.Key);
            var meaning = byMeaning.GetValueOrDefault(pair.Key);
            return (words ?? meaning)! with { Score = pair.Value, Scores = new SignalScores(words?.Score, meaning?.Score, null) };
        }).ToList();
        fused.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Chunk.CompareTo(b.Chunk));
        return fused;
    }

    private static (CandidateKey Chunk, double Score) Scored(Candidate candidate) => (candidate.Key, candidate.Score);
}
