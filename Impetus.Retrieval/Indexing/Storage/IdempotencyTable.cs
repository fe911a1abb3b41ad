namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>Remembers for a day which request an idempotency key was used for, and what came of it.</summary>
internal static class IdempotencyTable
{
    private const long DayMilliseconds = 24L * 60 * 60 * 1_000;

    /// <summary>The document or job of an earlier request with this key; refuses a key that was used for other content.</summary>
    public static (string? Document, string? Job)? Find(SqliteSession session, string key, byte[] request, long now)
    {
        if (session.First(
            "SELECT request, document, job FROM idempotency WHERE key = $1 AND created > $2",
            row => ((byte[])row.GetValue(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
            key, now - DayMilliseconds) is not (var before and not null, var document, var job))
            return null;
        return before.AsSpan().SequenceEqual(request)
            ? (document, job)
            : throw new LibraryException(
                LibraryFault.Conflict, "This Idempotency-Key was used for a request with other content. Use a new key for a new request.");
    }

    public static void Insert(SqliteSession session, string key, byte[] request, string? document, string? job, long now)
    {
        session.Execute("DELETE FROM idempotency WHERE created <= $1", now - DayMilliseconds);
        session.Execute(
            "INSERT OR REPLACE INTO idempotency(key, request, document, job, created) VALUES($1, $2, $3, $4, $5)", key, request, document, job, now);
    }
}
