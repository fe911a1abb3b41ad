using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>A row of <c>files</c>.</summary>
internal sealed record FileRow(long Id, string Key, string Name, string? ContentType, string Purpose, long Bytes, long Created)
{
    public StoredFile ToPublic() => new(Key, Name, ContentType, Purpose, Bytes, DateTimeOffset.FromUnixTimeMilliseconds(Created));
}

/// <summary>Reads and writes <c>files</c> and their bytes, in parts of a mebibyte.</summary>
internal static class FileTable
{
    private const int PartBytes = 1 << 20;
    private const string Columns = "id, key, name, content_type, purpose, bytes, created";

    public static FileRow Insert(SqliteSession session, NewFile file, string key, long now)
    {
        session.Execute(
            "INSERT INTO files(key, name, content_type, purpose, bytes, created) VALUES($1, $2, $3, $4, $5, $6)",
            key, file.Name, file.ContentType, file.Purpose, file.Bytes.Length, now);
        long id = session.LastId;
        for (int start = 0; start < file.Bytes.Length; start += PartBytes)
        {
            byte[] part = file.Bytes.Slice(start, Math.Min(PartBytes, file.Bytes.Length - start)).ToArray();
            session.Execute("INSERT INTO file_parts(file, start, bytes, hash) VALUES($1, $2, $3, $4)", id, start, part, RowHash.Of(part));
        }
        return Find(session, key)!;
    }

    public static FileRow? Find(SqliteSession session, string key) => session.First($"SELECT {Columns} FROM files WHERE key = $1", Map, key);

    /// <summary>The file's bytes, checked.</summary>
    public static byte[] Content(SqliteSession session, FileRow file)
    {
        byte[] content = new byte[file.Bytes];
        long read = 0;
        session.Each(
            "SELECT start, bytes, hash FROM file_parts WHERE file = $1 ORDER BY start",
            row =>
            {
                byte[] part = (byte[])row.GetValue(1);
                if (row.GetInt64(0) != read || part.Length > content.Length - read || RowHash.Of(part) != row.GetInt64(2))
                    return;
                part.CopyTo(content, read);
                read += part.Length;
            },
            file.Id);
        return read == content.Length
            ? content
            : throw new LibraryException(LibraryFault.Damaged, $"The stored bytes of {file.Name} ({file.Key}) are damaged. Delete the file and send it again.");
    }

    /// <summary>Files by age, those behind <paramref name="after"/> where it is given.</summary>
    public static List<FileRow> List(SqliteSession session, string? purpose, bool ascending, string? after, int limit)
    {
        var (order, behind) = ascending ? ("ASC", ">") : ("DESC", "<");
        return session.All(
            $"""
            SELECT {Columns} FROM files WHERE ($1 IS NULL OR purpose = $1) AND ($2 IS NULL OR id {behind} (SELECT id FROM files WHERE key = $2))
            ORDER BY id {order} LIMIT $3
            """,
            Map, purpose, after, limit);
    }

    public static void Delete(SqliteSession session, FileRow file)
    {
        session.Execute("DELETE FROM attachments WHERE file = $1", file.Id);
        session.Execute("DELETE FROM file_parts WHERE file = $1", file.Id);
        session.Execute("DELETE FROM files WHERE id = $1", file.Id);
    }

    private static FileRow Map(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetInt64(5),
        row.GetInt64(6));
}
