using Impetus.Retrieval.Chunking;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>
/// Where the pages of documents begin, in code points. The table stands beside the others without a version of its own: a document that was
/// added before there was one has no rows, and an older Impetus leaves the rows of documents that it deletes, whose ids never come again.
/// </summary>
internal static class PageTable
{
    public static void Prepare(SqliteSession session) => session.Run(
        "CREATE TABLE IF NOT EXISTS pages(document INTEGER NOT NULL, start INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(document, start)) WITHOUT ROWID");

    /// <summary>Notes the pages of a text; of those that begin at one place, being empty, the last.</summary>
    public static void Insert(SqliteSession session, long document, string text, IReadOnlyList<PageRange> pages)
    {
        int counted = 0, codePoints = 0;
        foreach (var page in pages)
        {
            codePoints += CodePoints.Count(text.AsSpan(counted, page.Start - counted));
            counted = page.Start;
            session.Execute("INSERT OR REPLACE INTO pages(document, start, number) VALUES($1, $2, $3)", document, codePoints, page.Number);
        }
    }

    /// <summary>The pages that begin inside of a range of code points, behind its first.</summary>
    public static List<PageBreak> Inside(SqliteSession session, long document, int start, int end) => session.All(
        "SELECT start, number FROM pages WHERE document = $1 AND start > $2 AND start < $3 ORDER BY start",
        row => new PageBreak(row.GetInt32(0), row.GetInt32(1)),
        document, start, end);

    public static void Delete(SqliteSession session, long document) => session.Execute("DELETE FROM pages WHERE document = $1", document);
}
