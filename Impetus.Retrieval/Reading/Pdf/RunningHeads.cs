using System.Globalization;
using System.Text.RegularExpressions;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Finds running headers and footers: rows at the top or bottom of several pages, at the same height, that say the same, or the same but for numbers that
/// count with the pages. They are taken out of the pages.
/// </summary>
internal static partial class RunningHeads
{
    private const int RowsAtEdge = 3;
    private const int LeastPages = 3;
    private const double HeightTolerance = 3;

    // A row of so many pieces at the top of each page is the repeated header of a table.
    private const int MostFragments = 3;

    private readonly record struct Edge(int Page, PageRow Row, int Place, bool IsTop, string Pattern, long[] Numbers);

    /// <summary>Takes the running rows out of <paramref name="pages"/> and returns what they say, each once.</summary>
    public static List<string> Remove(List<PageContent> pages)
    {
        List<string> found = [];
        List<Edge> edges = [.. pages.SelectMany(Edges)];
        HashSet<PageRow> running = [];
        foreach (IGrouping<(string, bool), Edge> alike in edges.GroupBy(edge => (edge.Pattern, edge.IsTop)))
            foreach (List<Edge> level in Levels(alike))
                if (level.Select(edge => edge.Page).Distinct().Count() >= Math.Min(LeastPages, Math.Max(2, pages.Count)) && CountsWithPages(level))
                    running.UnionWith(level.Select(edge => edge.Row));
        foreach (IGrouping<(int, bool), Edge> edge in edges.GroupBy(edge => (edge.Page, edge.IsTop)))
        {
            // From the edge inwards: what lies behind text of the page itself belongs to it.
            foreach (Edge row in edge.OrderBy(row => row.Place).TakeWhile(row => running.Contains(row.Row)))
            {
                PageContent page = pages[row.Page];
                page.Directions[0].RemoveAll(row.Row.Fragments.Contains);
                found.Add(row.Row.Text);
            }
        }
        return [.. found.DistinctBy(text => Numbers().Replace(text, "#"))];
    }

    private static IEnumerable<Edge> Edges(PageContent page, int index)
    {
        if (page.Directions.Count == 0)
            yield break;
        List<PageRow> rows = PageRow.Of(page.Directions[0]);
        for (int place = 0; place < Math.Min(RowsAtEdge, rows.Count); place++)
        {
            if (ToEdge(index, rows[place], place, isTop: true) is { } top)
                yield return top;
            if (ToEdge(index, rows[^(place + 1)], place, isTop: false) is { } bottom)
                yield return bottom;
        }
    }

    private static Edge? ToEdge(int page, PageRow row, int place, bool isTop)
    {
        if (row.Fragments.Count > MostFragments)
            return null;
        string text = row.Text;
        long[] numbers = [.. Numbers().Matches(text).Select(match => long.TryParse(match.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1)];
        return new Edge(page, row, place, isTop, Numbers().Replace(text, "#"), numbers);
    }

    private static IEnumerable<List<Edge>> Levels(IEnumerable<Edge> edges)
    {
        List<Edge> level = [];
        foreach (Edge edge in edges.OrderBy(edge => edge.Row.Baseline))
        {
            if (level.Count > 0 && edge.Row.Baseline - level[^1].Row.Baseline > HeightTolerance)
            {
                yield return level;
                level = [];
            }
            level.Add(edge);
        }
        if (level.Count > 0)
            yield return level;
    }

    // Each number of the row is the same on all pages, or runs with the page number.
    private static bool CountsWithPages(List<Edge> edges)
    {
        Edge first = edges[0];
        for (int i = 0; i < first.Numbers.Length; i++)
            if (!edges.All(edge => edge.Numbers[i] == first.Numbers[i]) && !edges.All(edge => edge.Numbers[i] - edge.Page == first.Numbers[i] - first.Page))
                return false;
        return true;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
