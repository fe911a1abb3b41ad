using Impetus.Retrieval.Chunking;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>A row of <c>collections</c>.</summary>
/// <param name="Generation">Which table of vectors is current.</param>
/// <param name="TermCount">Index terms of all its chunks.</param>
internal sealed record CollectionRow(
    long Id, string Name, string Model, int Dimensions, long Generation, ChunkingOptions Chunking, string? Metadata, long Created, int Documents,
    int Chunks, long TermCount)
{
    public string TermsTable => LibrarySchema.Terms(Id);

    public string VectorsTable => LibrarySchema.Vectors(Id, Generation);

    public Collection ToPublic() => new(
        Id, Name, Model, Dimensions, Documents, Chunks, DateTimeOffset.FromUnixTimeMilliseconds(Created), JsonText.ToElement(Metadata));
}

/// <summary>Reads and writes <c>collections</c>.</summary>
internal static class CollectionTable
{
    private const string Columns =
        "id, name, model, dimensions, generation, target_length, overlap, max_tokens, metadata, created, documents, chunks, terms";

    public static List<CollectionRow> All(SqliteSession session) => session.All($"SELECT {Columns} FROM collections ORDER BY name", Map);

    public static CollectionRow? Find(SqliteSession session, string name) =>
        session.First($"SELECT {Columns} FROM collections WHERE name = $1", Map, name);

    public static CollectionRow? Find(SqliteSession session, long id) =>
        session.First($"SELECT {Columns} FROM collections WHERE id = $1", Map, id);

    public static CollectionRow Insert(
        SqliteSession session, string name, EmbeddingModel model, ChunkingOptions chunking, string? metadata, long now)
    {
        session.Execute(
            "INSERT INTO collections(name, model, dimensions, target_length, overlap, max_tokens, metadata, created) VALUES($1, $2, $3, $4, $5, $6, $7, $8)",
            name, model.Id, model.Dimensions, chunking.TargetLength, chunking.Overlap, chunking.MaxTokens, metadata, now);
        var row = Find(session, session.LastId)!;
        LibrarySchema.CreateCollection(session, row.Id, row.Generation);
        return row;
    }

    /// <summary>Adjusts the counts of what is ready.</summary>
    public static void Count(SqliteSession session, long collection, int documents, int chunks, long terms) => session.Execute(
        "UPDATE collections SET documents = documents + $2, chunks = chunks + $3, terms = terms + $4 WHERE id = $1",
        collection, documents, chunks, terms);

    public static void Describe(SqliteSession session, long collection, string name, string? metadata) =>
        session.Execute("UPDATE collections SET name = $2, metadata = $3 WHERE id = $1", collection, name, metadata);

    /// <summary>Drops the collection with all that it holds.</summary>
    public static void Delete(SqliteSession session, CollectionRow row)
    {
        const string Ours = "(SELECT id FROM documents WHERE collection = $1)";
        session.Execute("DELETE FROM attachments WHERE collection = $1", row.Id);
        session.Execute("DELETE FROM sources WHERE collection = $1", row.Id);
        session.Execute($"DELETE FROM chunks WHERE document IN {Ours}", row.Id);
        session.Execute($"DELETE FROM texts WHERE document IN {Ours}", row.Id);
        session.Execute("DELETE FROM documents WHERE collection = $1", row.Id);
        session.Execute("DELETE FROM collections WHERE id = $1", row.Id);
        LibrarySchema.DropTerms(session, row.Id);
        foreach (string table in session.All(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB $1", r => r.GetString(0), $"vectors_{row.Id}_*"))
            session.Run($"DROP TABLE {table}");
    }

    private static CollectionRow Map(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt32(3),
        row.GetInt64(4),
        new ChunkingOptions { TargetLength = row.GetInt32(5), Overlap = row.GetInt32(6), MaxTokens = row.GetInt32(7) },
        row.IsDBNull(8) ? null : row.GetString(8),
        row.GetInt64(9),
        row.GetInt32(10),
        row.GetInt32(11),
        row.GetInt64(12));
}
