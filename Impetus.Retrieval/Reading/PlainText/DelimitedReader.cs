using CsvHelper;

namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>
/// Comma- and tab-separated values (RFC 4180): one table, the first row its header. In a CSV file the separator may be a semicolon, a tab or a bar
/// instead, as spreadsheets write it where the comma is the decimal sign; it is detected.
/// </summary>
internal static class DelimitedReader
{
    public static void Read(SourceFile file, DocumentBuilder document)
    {
        string text = TextDecoder.DecodeInto(document, file.Bytes).TrimStart('\uFEFF');
        CsvReaderOptions options = new()
        {
            Separator = file.Kind == DocumentKind.Tsv ? '\t' : null,
            DetectSeparatorHint = true,
            HasHeader = false,
            SkipEmptyLines = true,
            // A quote where none belongs is a character like any other.
            MalformedData = CsvMalformedDataHandling.Recover,
        };
        using CsvReader reader = CsvReader.FromText(text, options);
        int rows = 0;
        try
        {
            document.Table(Rows());
        }
        catch (CsvFormatException fault)
        {
            throw ReadException.Damaged($"row {rows + 1} is not separated values", fault);
        }
        document.Rows = rows;

        IEnumerable<IReadOnlyList<string>> Rows()
        {
            while (reader.Read())
            {
                file.Budget.Check();
                rows++;
                string[] cells = new string[reader.FieldCount];
                for (int i = 0; i < cells.Length; i++)
                    cells[i] = reader.GetString(i);
                yield return cells;
            }
        }
    }
}
