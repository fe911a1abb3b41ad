using Impetus.Retrieval.Indexing.Jobs;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>
/// Which files are attached to which collections. An attached file's document is the one that has the file's key as its source; until that
/// is there, its job tells how far it is. Documents that came as themselves are listed beside, under their own keys.
/// </summary>
internal static class AttachmentTable
{
    // A document that was deleted by itself takes its attachment out of sight: its job succeeded, and it is not there.
    private const string Items = """
        WITH items AS (
            SELECT f.key AS key, a.created AS created, a.batch AS batch, d.key AS document, coalesce(d.bytes, 0) AS bytes,
                coalesce(d.metadata, json_extract(j.request, '$.metadata')) AS metadata,
                CASE WHEN d.id IS NOT NULL THEN 1 WHEN j.state < 2 THEN 0 ELSE j.state - 1 END AS status, j.error AS error, j.failures AS failures
            FROM attachments a JOIN files f ON f.id = a.file JOIN jobs j ON j.id = a.job
                LEFT JOIN sources s ON s.collection = a.collection AND s.source = f.key LEFT JOIN documents d ON d.id = s.document
            WHERE a.collection = $1 AND (d.id IS NOT NULL OR j.state <> 2)
            UNION ALL
            SELECT d.key, d.created, NULL, d.key, d.bytes, d.metadata, 1, NULL, NULL FROM documents d
            WHERE d.collection = $1 AND d.state = 1 AND NOT EXISTS(
                SELECT 1 FROM sources s JOIN files f ON f.key = s.source JOIN attachments a ON a.file = f.id AND a.collection = d.collection
                WHERE s.document = d.id))
        """;

    private const string Columns = "key, created, document, bytes, metadata, status, error, failures";

    /// <summary>Attaches a file, in the place of an earlier attachment.</summary>
    public static void Insert(SqliteSession session, long collection, long file, long job, string? batch, long now) => session.Execute(
        "INSERT OR REPLACE INTO attachments(collection, file, job, batch, created) VALUES($1, $2, $3, $4, $5)", collection, file, job, batch, now);

    public static void Delete(SqliteSession session, long collection, long file) =>
        session.Execute("DELETE FROM attachments WHERE collection = $1 AND file = $2", collection, file);

    /// <summary>The keys of jobs that are at work on a file, of one collection or of all.</summary>
    public static List<string> Unfinished(SqliteSession session, long file, long? collection) => session.All(
        "SELECT j.key FROM attachments a JOIN jobs j ON j.id = a.job WHERE a.file = $1 AND ($2 IS NULL OR a.collection = $2) AND j.state < 2",
        row => row.GetString(0), file, collection);

    /// <summary>The keys of a batch's jobs that wait or run.</summary>
    public static List<string> UnfinishedOfBatch(SqliteSession session, long collection, string batch) => session.All(
        "SELECT j.key FROM attachments a JOIN jobs j ON j.id = a.job WHERE a.collection = $1 AND a.batch = $2 AND j.state < 2",
        row => row.GetString(0), collection, batch);

    /// <summary>The collections that a file is attached to.</summary>
    public static List<CollectionRow> CollectionsOf(SqliteSession session, long file) =>
        session.All("SELECT collection FROM attachments WHERE file = $1", row => row.GetInt64(0), file)
            .ConvertAll(id => CollectionTable.Find(session, id)!);

    public static AttachedFile? Find(SqliteSession session, CollectionRow collection, string key) =>
        session.First($"{Items} SELECT {Columns} FROM items WHERE key = $2", row => Map(row, collection), collection.Id, key);

    /// <summary>The key under which a document is listed.</summary>
    public static string KeyOf(SqliteSession session, string document) => session.First(
        """
        SELECT f.key FROM documents d JOIN sources s ON s.document = d.id JOIN files f ON f.key = s.source
            JOIN attachments a ON a.file = f.id AND a.collection = d.collection
        WHERE d.key = $1 ORDER BY a.id LIMIT 1
        """,
        row => row.GetString(0), document) ?? document;

    /// <summary>Files by the time of their attachment, those behind <paramref name="after"/> where it is given.</summary>
    public static List<AttachedFile> List(
        SqliteSession session, CollectionRow collection, AttachmentStatus? status, string? batch, bool ascending, string? after, int limit)
    {
        var (order, behind) = ascending ? ("ASC", ">") : ("DESC", "<");
        return session.All(
            $"""
            {Items} SELECT {Columns} FROM items
            WHERE ($2 IS NULL OR status = $2) AND ($3 IS NULL OR batch = $3)
                AND ($4 IS NULL OR (created, key) {behind} (SELECT created, key FROM items WHERE key = $4))
            ORDER BY created {order}, key {order} LIMIT $5
            """,
            row => Map(row, collection), collection.Id, (int?)status, batch, after, limit);
    }

    /// <summary>How many files are in each state, of a batch or of all.</summary>
    public static AttachmentCounts Count(SqliteSession session, CollectionRow collection, string? batch)
    {
        int[] counts = new int[Enum.GetValues<AttachmentStatus>().Length];
        long bytes = 0;
        session.Each(
            $"{Items} SELECT status, count(*), sum(bytes) FROM items WHERE $2 IS NULL OR batch = $2 GROUP BY status",
            row =>
            {
                counts[row.GetInt32(0)] = row.GetInt32(1);
                bytes += row.GetInt64(2);
            },
            collection.Id, batch);
        return new(
            counts[(int)AttachmentStatus.InProgress], counts[(int)AttachmentStatus.Completed], counts[(int)AttachmentStatus.Failed],
            counts[(int)AttachmentStatus.Cancelled], bytes);
    }

    private static AttachedFile Map(SqliteDataReader row, CollectionRow collection)
    {
        string key = row.GetString(0);
        var status = (AttachmentStatus)row.GetInt32(5);
        var failure = status != AttachmentStatus.Failed ? null
            : JobFailures.Read(Text(row, 7)) is [var first, ..] ? first
            : new IngestFailure(key, "failed", Text(row, 6) ?? "The file could not be added.");
        return new(
            key, collection.Name, status, Text(row, 2), row.GetInt64(3), JsonText.ToElement(Text(row, 4)), failure,
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)));
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
