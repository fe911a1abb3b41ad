using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Searching;

/// <summary>Fetches the texts of candidates, and makes results of them.</summary>
internal sealed class PassageReader(LibraryDatabase database)
{
    /// <summary>The passages of the candidates, each once; those that were deleted meanwhile, or whose text is damaged, are left out.</summary>
    public Dictionary<CandidateKey, Passage> Fetch(IEnumerable<Candidate> candidates) => database.Read(session =>
    {
        var documents = new Dictionary<long, DocumentRow?>();
        var passages = new Dictionary<CandidateKey, Passage>();
        foreach (var candidate in candidates.DistinctBy(candidate => candidate.Key))
        {
            if (!documents.TryGetValue(candidate.Document, out var document))
                documents[candidate.Document] = document = DocumentTable.Find(session, candidate.Document);
            if (document is { State: DocumentState.Ready } && ChunkTable.Find(session, candidate.Chunk) is { } chunk
                && TextTable.TryRead(session, document.Id, chunk.Start, chunk.End) is { } text)
                passages.Add(candidate.Key, new Passage(candidate, chunk, document, text));
        }
        return passages;
    });

    /// <summary>
    /// Results in the passages' order. Passages that touch one another in a document become one result, in the place of the best of them,
    /// while it has at most <paramref name="joinUpTo"/> code points.
    /// </summary>
    public List<SearchResult> Results(IReadOnlyList<Passage> passages, int joinUpTo, int limit) => database.Read(session =>
    {
        var results = new List<SearchResult>();
        foreach (var group in Groups(passages, joinUpTo).Take(limit))
        {
            var best = group.MaxBy(passage => passage.Candidate.Score)!;
            var first = group[0].Chunk;
            var last = group[^1].Chunk;
            string text = group.Count == 1 ? best.Text : TextTable.Read(session, best.Document.Id, first.Start, last.End);
            var described = DocumentTable.ToPublic(session, best.Document);
            results.Add(new SearchResult(
                described.Id, described.Collection, described.Title, described.Source, first.Ordinal, last.Ordinal, text, first.FirstCodePoint,
                last.EndCodePoint, first.FirstPage, last.LastPage, first.HeadingPath, group.Sum(passage => passage.Chunk.Tokens),
                best.Candidate.Score, best.Candidate.Scores)
            {
                PageBreaks = first.FirstPage == last.LastPage ? [] : PageTable.Inside(session, best.Document.Id, first.FirstCodePoint, last.EndCodePoint),
            });
        }
        return results;
    });

    /// <summary>Runs of neighbouring chunks, each run ascending, in the order of their best passage.</summary>
    private static List<List<Passage>> Groups(IReadOnlyList<Passage> passages, int joinUpTo)
    {
        var groups = new List<List<Passage>>();
        foreach (var passage in passages)
        {
            var neighbours = groups
                .Where(group => group[0].Document.Id == passage.Document.Id && Touches(group, passage) && Length(group, passage) <= joinUpTo)
                .ToList();
            if (neighbours.Count == 0)
            {
                groups.Add([passage]);
                continue;
            }
            var home = neighbours[0];
            home.Add(passage);
            if (neighbours.Count > 1 && Length(home, neighbours[1]) <= joinUpTo)
            {
                home.AddRange(neighbours[1]);
                groups.Remove(neighbours[1]);
            }
            home.Sort((a, b) => a.Chunk.Ordinal.CompareTo(b.Chunk.Ordinal));
        }
        return groups;
    }

    private static bool Touches(List<Passage> group, Passage passage) =>
        passage.Chunk.Ordinal == group[0].Chunk.Ordinal - 1 || passage.Chunk.Ordinal == group[^1].Chunk.Ordinal + 1;

    private static int Length(List<Passage> group, params IEnumerable<Passage> more)
    {
        var all = group.Concat(more).ToList();
        return all.Max(passage => passage.Chunk.EndCodePoint) - all.Min(passage => passage.Chunk.FirstCodePoint);
    }
}
