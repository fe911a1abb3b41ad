using Impetus.Retrieval.Indexing.Storage;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing;

/// <summary>Looks at every page, index and row, for SQLite checksums none of them.</summary>
internal static class IntegrityCheck
{
    private const int MaxFaults = 100;

    /// <summary>The faults, each in a sentence.</summary>
    public static IReadOnlyList<string> Run(LibraryDatabase database)
    {
        var faults = new List<string>();
        Guarded(faults, "The file", () => database.Read(session => Pages(session, faults)));
        Guarded(faults, "A text or chunk", () => database.Read(session => Rows(session, faults)));
        Guarded(faults, "A kept file", () => database.Read(session => Files(session, faults)));
        foreach (var collection in database.Read(CollectionTable.All))
        {
            Guarded(faults, $"The vectors of \"{collection.Name}\"", () => database.Read(session => Vectors(session, collection, faults)));
            Guarded(
                faults,
                $"The full text of \"{collection.Name}\"",
                () => database.Writer.RunAsync(session =>
                    session.Run($"INSERT INTO {collection.TermsTable}({collection.TermsTable}) VALUES('integrity-check')")).GetAwaiter().GetResult());
        }
        return [.. faults.Take(MaxFaults)];
    }

    private static bool Pages(SqliteSession session, List<string> faults)
    {
        faults.AddRange(session.All("PRAGMA integrity_check(100)", row => row.GetString(0)).Where(line => line != "ok"));
        faults.AddRange(session.All("PRAGMA foreign_key_check", row => $"A row of {row.GetString(0)} refers to nothing."));
        return true;
    }

    private static bool Rows(SqliteSession session, List<string> faults)
    {
        foreach (long document in session.All("SELECT id FROM documents WHERE state = 1", row => row.GetInt64(0)))
        {
            var row = DocumentTable.Find(session, document)!;
            var chunks = ChunkTable.OfDocument(session, document);
            if (chunks.Count != row.Chunks)
                faults.Add($"The document {row.Key} has {chunks.Count} of its {row.Chunks} chunks.");
            foreach (var chunk in chunks)
            {
                if (RowHash.Of(TextTable.Read(session, document, chunk.Start, chunk.End)) != chunk.Hash)
                    faults.Add($"Chunk {chunk.Ordinal} of the document {row.Key} is not what was written.");
            }
        }
        return true;
    }

    private static bool Files(SqliteSession session, List<string> faults)
    {
        session.Each("SELECT file, bytes, hash FROM file_parts", row =>
        {
            if (RowHash.Of((byte[])row.GetValue(1)) != row.GetInt64(2))
                faults.Add($"The file {row.GetInt64(0)} is not what was sent.");
        });
        return true;
    }

    private static bool Vectors(SqliteSession session, CollectionRow collection, List<string> faults)
    {
        session.Each(
            $"SELECT chunk, vector, hash FROM {collection.VectorsTable}",
            row =>
            {
                byte[] bytes = (byte[])row.GetValue(1);
                if (RowHash.Of(bytes) != row.GetInt64(2) || bytes.Length != collection.Dimensions * sizeof(float))
                    faults.Add($"The vector of chunk {row.GetInt64(0)} in \"{collection.Name}\" is not what was written.");
            });
        long missing = session.Number(
            $"""
            SELECT count(*) FROM chunks k JOIN documents d ON d.id = k.document LEFT JOIN {collection.VectorsTable} v ON v.chunk = k.id
            WHERE d.collection = $1 AND d.state = 1 AND v.chunk IS NULL
            """,
            collection.Id);
        if (missing > 0)
            faults.Add($"{missing} chunks of \"{collection.Name}\" have no vector.");
        return true;
    }

    private static void Guarded(List<string> faults, string what, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is LibraryException or SqliteException)
        {
            faults.Add($"{what} cannot be read: {e.Message}");
        }
    }
}
