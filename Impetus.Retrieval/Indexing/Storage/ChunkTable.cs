using System.Runtime.InteropServices;
using System.Text;
using Impetus.Retrieval.Indexing.Analysis;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>A row of <c>chunks</c>; <c>Start</c> and <c>End</c> count code units, the code points are what the API tells.</summary>
internal sealed record ChunkRow(
    long Id, long Document, int Ordinal, int Start, int End, int FirstCodePoint, int EndCodePoint, int FirstPage, int LastPage, string Headings,
    int Tokens, long Hash)
{
    private const char Separator = '\u001F';

    public IReadOnlyList<string> HeadingPath => Headings.Length == 0 ? [] : Headings.Split(Separator);

    public static string Join(IReadOnlyList<string> headingPath) =>
        string.Join(Separator, headingPath.Select(heading => heading.Replace(Separator, ' ')));
}

/// <summary>The index terms of a chunk, as the full-text table takes and forgets them.</summary>
internal readonly record struct ChunkTerms(string Title, string Body, int Count)
{
    public static ChunkTerms Of(string title, IReadOnlyList<string> headingPath, string text, string language)
    {
        var titleTerms = new StringBuilder();
        TextAnalyzer.Append(titleTerms, string.Join('\n', headingPath.Prepend(title)), language);
        var bodyTerms = new StringBuilder(text.Length);
        int count = TextAnalyzer.Append(bodyTerms, text, language);
        return new ChunkTerms(titleTerms.ToString(), bodyTerms.ToString(), count);
    }
}

/// <summary>Reads and writes <c>chunks</c> with their full text and vectors.</summary>
internal static class ChunkTable
{
    private const string Columns =
        "k.id, k.document, k.ordinal, k.start, k.end, k.first_code_point, k.end_code_point, k.first_page, k.last_page, k.headings, k.tokens, k.hash";

    public static long Insert(SqliteSession session, CollectionRow collection, ChunkRow row, ChunkTerms terms, ReadOnlySpan<float> vector)
    {
        session.Execute(
            """
            INSERT INTO chunks(document, ordinal, start, end, first_code_point, end_code_point, first_page, last_page, headings, tokens, hash)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            row.Document, row.Ordinal, row.Start, row.End, row.FirstCodePoint, row.EndCodePoint, row.FirstPage, row.LastPage, row.Headings,
            row.Tokens, row.Hash);
        long id = session.LastId;
        InsertTerms(session, collection, id, terms);
        InsertVector(session, collection.VectorsTable, id, row.Document, vector);
        return id;
    }

    public static void InsertTerms(SqliteSession session, CollectionRow collection, long chunk, ChunkTerms terms) =>
        session.Execute($"INSERT INTO {collection.TermsTable}(rowid, title, body) VALUES($1, $2, $3)", chunk, terms.Title, terms.Body);

    public static void InsertVector(SqliteSession session, string table, long chunk, long document, ReadOnlySpan<float> vector)
    {
        byte[] bytes = MemoryMarshal.AsBytes(vector).ToArray();
        session.Execute(
            $"INSERT OR REPLACE INTO {table}(chunk, document, vector, hash) VALUES($1, $2, $3, $4)", chunk, document, bytes, RowHash.Of(bytes));
    }

    /// <summary>Takes a chunk out of the full text, which must be told the very terms that it was given, and out of all else.</summary>
    public static void Delete(SqliteSession session, CollectionRow collection, ChunkRow row, ChunkTerms terms)
    {
        string table = collection.TermsTable;
        session.Execute($"INSERT INTO {table}({table}, rowid, title, body) VALUES('delete', $1, $2, $3)", row.Id, terms.Title, terms.Body);
        Delete(session, collection, row);
    }

    /// <summary>Takes a chunk out of all but the full text.</summary>
    public static void Delete(SqliteSession session, CollectionRow collection, ChunkRow row)
    {
        session.Execute($"DELETE FROM {collection.VectorsTable} WHERE chunk = $1", row.Id);
        session.Execute("DELETE FROM chunks WHERE id = $1", row.Id);
    }

    public static List<ChunkRow> OfDocument(SqliteSession session, long document, int after = -1, int limit = int.MaxValue) =>
        Where(session, "WHERE k.document = $1 AND k.ordinal > $2 ORDER BY k.ordinal LIMIT $3", document, after, limit);

    public static ChunkRow? Find(SqliteSession session, long id) => Where(session, "WHERE k.id = $1", id) is [var row] ? row : null;

    /// <summary>The chunks <c>k</c> that a condition chooses.</summary>
    public static List<ChunkRow> Where(SqliteSession session, string condition, params ReadOnlySpan<object?> arguments) =>
        session.All($"SELECT {Columns} FROM chunks k {condition}", Map, arguments);

    private static ChunkRow Map(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7),
        row.GetInt32(8), row.GetString(9), row.GetInt32(10), row.GetInt64(11));
}
