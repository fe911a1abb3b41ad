using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>Where a document is in its life. Only ready ones are seen by anyone.</summary>
internal enum DocumentState
{
    Writing = 0,
    Ready = 1,

    /// <summary>Gone for everyone; its rows are being taken out.</summary>
    Deleted = 2,
}

/// <summary>A row of <c>documents</c>.</summary>
internal sealed record DocumentRow(
    long Id, string Key, long Collection, DocumentState State, long? Job, string Name, string Title, string? ContentType, byte[] Sha256, long Bytes,
    int Characters, int Pages, int Chunks, long Terms, string Language, long Created, long? Modified, string? Metadata, string? Warnings)
{
    /// <summary>The title; null where the file's name stands in for it.</summary>
    public string? OwnTitle => Title == Name ? null : Title;

    public StoredDocument ToPublic(string collection, string? source) => new(
        Key, collection, Name, source, Title, ContentType, Convert.ToHexStringLower(Sha256), Bytes, Characters, Pages, Chunks, Language,
        DateTimeOffset.FromUnixTimeMilliseconds(Created),
        Modified is { } modified ? DateTimeOffset.FromUnixTimeMilliseconds(modified) : null,
        JsonText.ToElement(Metadata),
        JsonText.ToStrings(Warnings));
}

/// <summary>Reads and writes <c>documents</c> and their <c>sources</c>.</summary>
internal static class DocumentTable
{
    private const string Columns =
        "id, key, collection, state, job, name, title, content_type, sha256, bytes, characters, pages, chunks, terms, language, created, modified, "
        + "metadata, warnings";

    /// <summary>Inserts a document that is being written and returns its row id.</summary>
    public static long Insert(SqliteSession session, DocumentRow row)
    {
        session.Execute(
            """
            INSERT INTO documents(key, collection, state, job, name, title, content_type, sha256, bytes, characters, pages, chunks, terms, language,
                created, modified, metadata, warnings)
            VALUES($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            row.Key, row.Collection, row.Job, row.Name, row.Title, row.ContentType, row.Sha256, row.Bytes, row.Characters, row.Pages, row.Chunks,
            row.Terms, row.Language, row.Created, row.Modified, row.Metadata, row.Warnings);
        return session.LastId;
    }

    /// <summary>Makes the document visible, and the source its own; returns whether another document lost that source.</summary>
    public static bool Publish(SqliteSession session, long id, string? source)
    {
        var row = Find(session, id)!;
        session.Execute("UPDATE documents SET state = 1, job = NULL WHERE id = $1", id);
        CollectionTable.Count(session, row.Collection, 1, row.Chunks, row.Terms);
        return source is not null && Attach(session, row, source);
    }

    /// <summary>Names the document as what the source holds now; a document that no source holds any longer is deleted.</summary>
    public static bool Attach(SqliteSession session, DocumentRow row, string source)
    {
        long before = session.Number("SELECT document FROM sources WHERE collection = $1 AND source = $2", row.Collection, source);
        if (before == row.Id)
            return false;
        session.Execute("INSERT OR REPLACE INTO sources(collection, source, document) VALUES($1, $2, $3)", row.Collection, source, row.Id);
        if (before == 0)
            return false;
        if (session.Number("SELECT count(*) FROM sources WHERE document = $1", before) == 0)
            Delete(session, Find(session, before)!);
        return true;
    }

    /// <summary>
    /// Takes a source, and those that begin with a prefix, from a collection; returns the collection and how many documents no source held
    /// any longer.
    /// </summary>
    public static (long Collection, int Deleted) DeleteSources(SqliteSession session, string collection, string source, string prefix)
    {
        if (CollectionTable.Find(session, collection) is not { } row)
            return (0, 0);
        const string Condition = "collection = $1 AND (source = $2 OR substr(source, 1, length($3)) = $3)";
        var documents = session.All($"SELECT DISTINCT document FROM sources WHERE {Condition}", r => r.GetInt64(0), row.Id, source, prefix);
        session.Execute($"DELETE FROM sources WHERE {Condition}", row.Id, source, prefix);
        documents.RemoveAll(document => session.Number("SELECT count(*) FROM sources WHERE document = $1", document) > 0);
        foreach (long document in documents)
            Delete(session, Find(session, document)!);
        return (row.Id, documents.Count);
    }

    /// <summary>Hides a document for good and leaves its rows to be purged.</summary>
    public static void Delete(SqliteSession session, DocumentRow row)
    {
        session.Execute("UPDATE documents SET state = 2 WHERE id = $1", row.Id);
        session.Execute("DELETE FROM sources WHERE document = $1", row.Id);
        if (row.State == DocumentState.Ready)
            CollectionTable.Count(session, row.Collection, -1, -row.Chunks, -row.Terms);
    }

    public static DocumentRow? Find(SqliteSession session, long id) =>
        session.First($"SELECT {Columns} FROM documents WHERE id = $1", Map, id);

    public static DocumentRow? FindReady(SqliteSession session, string key) =>
        session.First($"SELECT {Columns} FROM documents WHERE key = $1 AND state = 1", Map, key);

    public static DocumentRow? FindContent(SqliteSession session, long collection, byte[] sha256) =>
        session.First($"SELECT {Columns} FROM documents WHERE collection = $1 AND sha256 = $2 AND state = 1", Map, collection, sha256);

    public static DocumentRow? FindSource(SqliteSession session, string collection, string source) => Find(
        session,
        session.Number(
            "SELECT s.document FROM sources s JOIN collections c ON c.id = s.collection WHERE c.name = $1 AND s.source = $2", collection, source));

    public static DocumentRow? FindUnfinished(SqliteSession session, long job) =>
        session.First($"SELECT {Columns} FROM documents WHERE job = $1 AND state = 0", Map, job);

    /// <summary>Rows to be taken out.</summary>
    public static List<long> Purgeable(SqliteSession session) =>
        session.All("SELECT id FROM documents WHERE state = 2 ORDER BY id", row => row.GetInt64(0));

    /// <summary>Gives up, after a crash, half-written documents that no unfinished job goes on with.</summary>
    public static void DeleteAbandoned(SqliteSession session) => session.Execute(
        "UPDATE documents SET state = 2 WHERE state = 0 AND (job IS NULL OR job NOT IN (SELECT id FROM jobs WHERE state < 2))");

    /// <summary>Ready documents, newest first.</summary>
    public static List<DocumentRow> List(SqliteSession session, long? collection, long before, int limit) => session.All(
        $"SELECT {Columns} FROM documents WHERE state = 1 AND id < $1 AND ($2 IS NULL OR collection = $2) ORDER BY id DESC LIMIT $3",
        Map, before, collection, limit);

    public static StoredDocument ToPublic(SqliteSession session, DocumentRow row) => row.ToPublic(
        session.First("SELECT name FROM collections WHERE id = $1", r => r.GetString(0), row.Collection)!,
        session.First("SELECT source FROM sources WHERE document = $1 ORDER BY source LIMIT 1", r => r.GetString(0), row.Id));

    private static DocumentRow Map(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), (DocumentState)row.GetInt32(3), Optional(row, 4), row.GetString(5), row.GetString(6),
        Text(row, 7), (byte[])row.GetValue(8), row.GetInt64(9), row.GetInt32(10), row.GetInt32(11), row.GetInt32(12), row.GetInt64(13),
        row.GetString(14), row.GetInt64(15), Optional(row, 16), Text(row, 17), Text(row, 18));

    private static long? Optional(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
