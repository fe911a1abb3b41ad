using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>
/// Rows for people. A terminal gets as many columns, the most important first, as stand beside each other; where not even the least do,
/// each row's name has a line of its own. A name is never broken.
/// </summary>
/// <param name="least">Columns that people cannot do without, the name among them.</param>
/// <param name="columns">Their titles, and whether they hold numbers, which stand at the right.</param>
internal sealed class ColumnList(int least, params (string Title, bool IsNumber)[] columns)
{
    private const int Gap = 2;

    private readonly List<(string Text, Style Style)[]> _rows = [[.. columns.Select(column => (column.Title, new Style(decoration: Decoration.Bold)))]];

    /// <summary>Adds a row with a cell for each column. Control characters are left out.</summary>
    public void Add(params IEnumerable<(string Text, Style Style)> cells) => _rows.Add([.. cells.Select(cell => (TerminalText.OneLine(cell.Text), cell.Style))]);

    /// <summary>Writes the titles and the rows.</summary>
    public void Write(IAnsiConsole console)
    {
        int[] widths = [.. columns.Select((_, i) => _rows.Max(row => row[i].Text.Length))];
        int shown = Enumerable.Range(1, columns.Length).LastOrDefault(count => widths.Take(count).Sum() + (Gap * (count - 1)) <= console.Profile.Width);
        foreach (var row in _rows)
        {
            if (shown >= least)
            {
                UnbrokenLine.Write(console, Aligned(row, widths, 0, shown));
                continue;
            }

            UnbrokenLine.Write(console, row[0]);
            UnbrokenLine.Write(console, [Space, .. Aligned(row, widths, 1, least)]);
        }
    }

    private static (string Text, Style Style) Space => (new(' ', Gap), Style.Plain);

    private IEnumerable<(string Text, Style Style)> Aligned((string Text, Style Style)[] row, int[] widths, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (i > from)
                yield return Space;
            bool ends = row[(i + 1)..to].All(cell => cell.Text.Length == 0);
            yield return (columns[i].IsNumber ? row[i].Text.PadLeft(widths[i]) : ends ? row[i].Text : row[i].Text.PadRight(widths[i]), row[i].Style);
            if (ends)
                yield break;
        }
    }
}
