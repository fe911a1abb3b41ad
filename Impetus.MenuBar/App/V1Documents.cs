using System.Text;
using Microsoft.Data.Sqlite;

namespace Impetus.MenuBar.App;

/// <summary>
/// The texts of the first Impetus's documents. It kept no documents, only their chunks, in Chroma's SQLite file; the chunks of a source are put
/// together again in their order, without what they repeat of each other.
/// </summary>
internal static class V1Documents
{
    private const int LongestOverlap = 2_048;

    // A letter or two are equal by chance.
    private const int LeastOverlap = 8;

    private const string Query = """
        SELECT c.name, source.string_value, position.int_value, text.string_value
        FROM embeddings e
        JOIN segments s ON s.id = e.segment_id
        JOIN collections c ON c.id = s.collection
        JOIN embedding_metadata text ON text.id = e.id AND text.key = 'chroma:document'
        LEFT JOIN embedding_metadata source ON source.id = e.id AND source.key = 'source'
        LEFT JOIN embedding_metadata position ON position.id = e.id AND position.key = 'chunk_index'
        ORDER BY c.name, source.string_value, position.int_value, e.id
        """;

    /// <summary>A text for each source of each collection.</summary>
    /// <exception cref="IOException">The file is no such database.</exception>
    public static IReadOnlyList<IngestionItem.FromText> Read(string chroma)
    {
        var documents = new List<IngestionItem.FromText>();
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = chroma, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Query;
            using var rows = command.ExecuteReader();
            (string Collection, string? Source)? current = null;
            var text = new StringBuilder();
            while (rows.Read())
            {
                var row = (rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1));
                if (current is { } before && before != row)
                    Finish(before.Source);
                current = row;
                Append(text, rows.GetString(3));
            }

            if (current is { } last)
                Finish(last.Source);

            void Finish(string? source)
            {
                documents.Add(new(text.ToString()) { Name = source });
                text.Clear();
            }
        }
        catch (SqliteException fault)
        {
            throw new IOException($"{chroma} is no database of documents: {fault.Message}", fault);
        }

        return documents;
    }

    private static void Append(StringBuilder text, string chunk)
    {
        string tail = text.ToString(Math.Max(0, text.Length - LongestOverlap), Math.Min(text.Length, LongestOverlap));
        for (int length = Math.Min(tail.Length, chunk.Length); length >= LeastOverlap; length--)
        {
            if (tail.AsSpan().EndsWith(chunk.AsSpan(0, length)))
            {
                text.Append(chunk, length, chunk.Length - length);
                return;
            }
        }

        if (text.Length > 0)
            text.Append('\n');
        text.Append(chunk);
    }
}
