using System.Collections.Concurrent;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Searching;

/// <summary>
/// In how many chunks a term occurs. FTS5 counts by walking a term's whole list, which takes long for the commonest words of a large
/// collection: there, counts are remembered until the collection has changed by a twentieth. Thread-safe.
/// </summary>
internal sealed class TermFrequencies
{
    private const int RememberFrom = 20_000;
    private const double Tolerance = 0.05;
    private const int MaxRemembered = 50_000;

    private readonly ConcurrentDictionary<(long Collection, string Term), (long Frequency, int Chunks)> _remembered = new();

    public long Of(SqliteSession session, CollectionRow collection, string term)
    {
        if (collection.Chunks < RememberFrom)
            return Count(session, collection, term);
        if (_remembered.TryGetValue((collection.Id, term), out var known)
            && Math.Abs(collection.Chunks - known.Chunks) <= Tolerance * known.Chunks)
            return known.Frequency;
        if (_remembered.Count >= MaxRemembered)
            _remembered.Clear();
        long frequency = Count(session, collection, term);
        _remembered[(collection.Id, term)] = (frequency, collection.Chunks);
        return frequency;
    }

    /// <summary>The sum over all terms that begin with <paramref name="prefix"/>.</summary>
    public static long OfPrefix(SqliteSession session, CollectionRow collection, string prefix) => session.Number(
        $"SELECT sum(doc) FROM {LibrarySchema.Vocabulary(collection.Id)} WHERE term >= $1 AND term < $2", prefix, prefix + '\uFFFF');

    private static long Count(SqliteSession session, CollectionRow collection, string term) =>
        session.Number($"SELECT doc FROM {LibrarySchema.Vocabulary(collection.Id)} WHERE term = $1", term);
}
