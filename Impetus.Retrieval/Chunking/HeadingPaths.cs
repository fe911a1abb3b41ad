namespace Impetus.Retrieval.Chunking;

/// <summary>Which headings stand above a place.</summary>
internal sealed class HeadingPaths
{
    private readonly IReadOnlyList<Heading> _headings;
    private readonly IReadOnlyList<string>[] _paths;

    public HeadingPaths(IReadOnlyList<Heading> headings)
    {
        _headings = headings;
        _paths = new IReadOnlyList<string>[headings.Count];
        var open = new List<Heading>();
        for (int i = 0; i < headings.Count; i++)
        {
            open.RemoveAll(heading => heading.Level >= headings[i].Level);
            open.Add(headings[i]);
            _paths[i] = [.. open.Select(heading => heading.Text)];
        }
    }

    /// <summary>Index of the heading whose section holds the position; -1 before the first.</summary>
    public int SectionAt(int position) => SortedSearch.LastAtOrBefore(_headings, position, heading => heading.Start);

    /// <summary>The path at the chunk's start; where a chunk goes on below its first heading, the path at its end.</summary>
    public IReadOnlyList<string> Of(TextRange chunk)
    {
        var first = At(chunk.Start);
        var last = At(chunk.End - 1);
        return last.Count > first.Count && last.Take(first.Count).SequenceEqual(first, StringComparer.Ordinal) ? last : first;
    }

    private IReadOnlyList<string> At(int position) => SectionAt(position) is var section and >= 0 ? _paths[section] : [];
}
