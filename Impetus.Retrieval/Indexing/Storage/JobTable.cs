using Impetus.Retrieval.Indexing.Jobs;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>A row of <c>jobs</c>; <c>Request</c> is JSON that the kind understands.</summary>
internal sealed record JobRow(
    long Id, string Key, JobKind Kind, string Collection, JobState State, string Request, int DocumentsDone, int DocumentsTotal, int ChunksDone,
    int ChunksTotal, string? Document, string? Error, string? Failures, long Created)
{
    public IngestJob ToPublic() => new(
        Key, Kind, Collection, State, DocumentsDone, DocumentsTotal, ChunksDone, ChunksTotal, null, Document, Error, JobFailures.Read(Failures),
        DateTimeOffset.FromUnixTimeMilliseconds(Created));
}

/// <summary>Reads and writes <c>jobs</c> and the bytes that were sent with them.</summary>
internal static class JobTable
{
    private const int PartBytes = 1 << 20;
    private const string Columns =
        "id, key, kind, collection, state, request, documents_done, documents_total, chunks_done, chunks_total, document, error, failures, created";

    public static JobRow Insert(SqliteSession session, string key, JobKind kind, string collection, string request, long now)
    {
        session.Execute(
            "INSERT INTO jobs(key, kind, collection, state, request, created) VALUES($1, $2, $3, 0, $4, $5)", key, (int)kind, collection, request, now);
        return Find(session, session.LastId)!;
    }

    public static void InsertPayload(SqliteSession session, long job, ReadOnlyMemory<byte> bytes)
    {
        for (int part = 0; part * (long)PartBytes < bytes.Length; part++)
        {
            int start = part * PartBytes;
            session.Execute(
                "INSERT INTO payloads(job, part, bytes) VALUES($1, $2, $3)",
                job, part, bytes.Slice(start, Math.Min(PartBytes, bytes.Length - start)).ToArray());
        }
    }

    public static byte[] Payload(SqliteSession session, long job)
    {
        var bytes = new MemoryStream();
        session.Each("SELECT bytes FROM payloads WHERE job = $1 ORDER BY part", row => bytes.Write((byte[])row.GetValue(0)), job);
        return bytes.ToArray();
    }

    public static void Begin(SqliteSession session, long id) => session.Execute("UPDATE jobs SET state = 1 WHERE id = $1", id);

    /// <summary>Writes a job's end and forgets the bytes that were sent with it.</summary>
    public static void Finish(SqliteSession session, JobRow row)
    {
        session.Execute(
            """
            UPDATE jobs SET state = $2, documents_done = $3, documents_total = $4, chunks_done = $5, chunks_total = $6, document = $7, error = $8,
                failures = $9 WHERE id = $1
            """,
            row.Id, (int)row.State, row.DocumentsDone, row.DocumentsTotal, row.ChunksDone, row.ChunksTotal, row.Document, row.Error, row.Failures);
        session.Execute("DELETE FROM payloads WHERE job = $1", row.Id);
    }

    public static JobRow? Find(SqliteSession session, long id) => session.First($"SELECT {Columns} FROM jobs WHERE id = $1", Map, id);

    public static JobRow? Find(SqliteSession session, string key) => session.First($"SELECT {Columns} FROM jobs WHERE key = $1", Map, key);

    public static List<JobRow> Unfinished(SqliteSession session) =>
        session.All($"SELECT {Columns} FROM jobs WHERE state < 2 ORDER BY id", Map);

    public static List<JobRow> List(SqliteSession session, long before, int limit) =>
        session.All($"SELECT {Columns} FROM jobs WHERE id < $1 ORDER BY id DESC LIMIT $2", Map, before, limit);

    private static JobRow Map(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), (JobKind)row.GetInt32(2), row.GetString(3), (JobState)row.GetInt32(4), row.GetString(5), row.GetInt32(6),
        row.GetInt32(7), row.GetInt32(8), row.GetInt32(9), Text(row, 10), Text(row, 11), Text(row, 12), row.GetInt64(13));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
