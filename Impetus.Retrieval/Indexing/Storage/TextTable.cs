using System.Text;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>Extracted texts, in blocks of at most 8,192 code units: a passage is read without its whole book.</summary>
internal static class TextTable
{
    private const int BlockLength = 8_192;

    public static void Insert(SqliteSession session, long document, string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = Math.Min(start + BlockLength, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
                end--;
            string block = text[start..end];
            session.Execute(
                "INSERT INTO texts(document, start, text, hash) VALUES($1, $2, $3, $4)", document, start, block, RowHash.Of(block));
            start = end;
        }
    }

    /// <summary>The code units <c>[start, end)</c>. Throws where a block is missing or damaged.</summary>
    public static string Read(SqliteSession session, long document, int start, int end) => TryRead(session, document, start, end)
        ?? throw new LibraryException(
            LibraryFault.Damaged, "The stored text of this document is damaged. Delete the document and add it again; the others are not affected.");

    /// <summary>The code units <c>[start, end)</c>; null where a block is missing or damaged.</summary>
    public static string? TryRead(SqliteSession session, long document, int start, int end)
    {
        var text = new StringBuilder(Math.Min(end - start, 1 << 20));
        session.EachWhile(
            "SELECT start, text, hash FROM texts WHERE document = $1 AND start > $2 AND start < $3 ORDER BY start",
            row =>
            {
                int blockStart = row.GetInt32(0);
                string block = row.GetString(1);
                if (RowHash.Of(block) != row.GetInt64(2))
                    return false;
                int from = Math.Max(start - blockStart, 0), to = Math.Min(end - blockStart, block.Length);
                if (from < to)
                    text.Append(block, from, to - from);
                return true;
            },
            document, start - BlockLength, end);
        return text.Length == end - start ? text.ToString() : null;
    }

    public static string ReadAll(SqliteSession session, long document)
    {
        int end = session.First(
            "SELECT start, text FROM texts WHERE document = $1 ORDER BY start DESC LIMIT 1",
            row => row.GetInt32(0) + row.GetString(1).Length,
            document);
        return Read(session, document, 0, end);
    }

    public static void Delete(SqliteSession session, long document) => session.Execute("DELETE FROM texts WHERE document = $1", document);
}
