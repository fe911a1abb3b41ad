using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>What becomes of the delimiters that a text is split at.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

internal static class SplitBehaviors
{
    /// <summary>Cuts a piece into delimiters (<paramref name="matches"/>, or what lies between them when inverted) and the rest.</summary>
    public static void Split(this SplitBehavior behavior, in Piece piece, List<(int Start, int End)> matches, bool invert, List<Piece> parts)
    {
        var segments = Segments(piece.Length, matches, invert);
        switch (behavior)
        {
            case SplitBehavior.Removed:
                foreach (var segment in segments)
                    if (!segment.IsDelimiter)
                        Add(piece, segment, parts);
                return;
            case SplitBehavior.Isolated:
                break;
            case SplitBehavior.Contiguous:
                segments = Join(segments, static (previous, current) => previous == current);
                break;
            case SplitBehavior.MergedWithPrevious:
                segments = Join(segments, static (previous, current) => current && !previous);
                break;
            default:
                // The mirror image: seen from the end, a delimiter joins what comes before it.
                segments.Reverse();
                segments = Join(segments, static (previous, current) => current && !previous);
                segments.Reverse();
                break;
        }
        foreach (var segment in segments)
            Add(piece, segment, parts);
    }

    private static List<Segment> Segments(int length, List<(int Start, int End)> matches, bool invert)
    {
        var segments = new List<Segment>(matches.Count * 2 + 1);
        int at = 0;
        foreach (var (start, end) in matches)
        {
            if (start != at)
                segments.Add(new Segment(at, start, invert));
            segments.Add(new Segment(start, end, !invert));
            at = end;
        }
        if (at != length)
            segments.Add(new Segment(at, length, invert));
        return segments;
    }

    private static List<Segment> Join(List<Segment> segments, Func<bool, bool, bool> joins)
    {
        var joined = new List<Segment>(segments.Count);
        bool previous = false;
        foreach (var segment in segments)
        {
            if (joined.Count > 0 && joins(previous, segment.IsDelimiter))
                joined[^1] = joined[^1] with { Start = Math.Min(joined[^1].Start, segment.Start), End = Math.Max(joined[^1].End, segment.End) };
            else
                joined.Add(segment);
            previous = segment.IsDelimiter;
        }
        return joined;
    }

    private static void Add(in Piece piece, Segment segment, List<Piece> parts)
    {
        if (segment.End > segment.Start)
            parts.Add(piece.Part(segment.Start, segment.End - segment.Start));
    }

    private readonly record struct Segment(int Start, int End, bool IsDelimiter);
}
