using System.Globalization;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// A line's glyphs from the order in which they stand on the page, left to right, to the order in which they are read: the inverse of the
/// reordering of the Unicode bidirectional algorithm (UAX #9, rule L2), with the levels that its rules give to letters, numbers and what is between.
/// </summary>
internal static class LogicalOrder
{
    private enum Direction { Neutral, Left, Right, Number }

    private const string Mirrors = "()[]{}<>«»‹›";

    public static bool IsRightToLeft(string text) => text.AsSpan().IndexOfAnyInRange('\u0590', '\u08FF') >= 0 && DirectionOf(text) == Direction.Right;

    /// <summary>Turns the pieces in place; pieces of a line without right-to-left letters stay as they are.</summary>
    public static void Restore(List<string> pieces)
    {
        int right = 0, left = 0;
        Direction[] directions = new Direction[pieces.Count];
        for (int i = 0; i < directions.Length; i++)
        {
            directions[i] = DirectionOf(pieces[i]);
            right += directions[i] == Direction.Right ? 1 : 0;
            left += directions[i] == Direction.Left ? 1 : 0;
        }
        if (right == 0)
            return;
        int baseLevel = right >= left ? 1 : 0;
        int[] levels = Levels(pieces, directions, baseLevel);
        for (int i = 0; i < levels.Length; i++)
            if (levels[i] == 1)
                pieces[i] = Mirrored(pieces[i]);
        Reverse(pieces, levels, 1);
        Reverse(pieces, levels, 2);
    }

    private static int[] Levels(List<string> pieces, Direction[] directions, int baseLevel)
    {
        JoinNumbers(pieces, directions);
        Direction[] before = Strong(directions, Enumerable.Range(0, directions.Length));
        Direction[] after = Strong(directions, Enumerable.Range(0, directions.Length).Reverse());
        int[] levels = new int[directions.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            // Between two of a kind it is of that kind, else of the line's.
            Direction direction = directions[i] == Direction.Neutral && before[i] == after[i] ? before[i] : directions[i];
            levels[i] = direction switch
            {
                Direction.Right => 1,
                Direction.Left => baseLevel == 1 ? 2 : 0,
                Direction.Number => baseLevel == 1 || before[i] == Direction.Right ? 2 : 0,
                _ => baseLevel,
            };
        }
        return levels;
    }

    // "6.4" and "12:30" are one number each (rules W4 and W5).
    private static void JoinNumbers(List<string> pieces, Direction[] directions)
    {
        for (int i = 1; i + 1 < directions.Length; i++)
            if (directions[i] == Direction.Neutral && directions[i - 1] == Direction.Number && directions[i + 1] == Direction.Number && pieces[i] is "." or "," or ":" or "/" or "-" or "٫" or "٬")
                directions[i] = Direction.Number;
        for (int i = 0; i < directions.Length; i++)
            if (pieces[i] is "%" or "°" or "€" or "$" or "٪" && ((i > 0 && directions[i - 1] == Direction.Number) || (i + 1 < directions.Length && directions[i + 1] == Direction.Number)))
                directions[i] = Direction.Number;
    }

    // The last letter's direction before each place, in the order of the walk. Numbers are passed over (rule N1).
    private static Direction[] Strong(Direction[] directions, IEnumerable<int> walk)
    {
        Direction[] strong = new Direction[directions.Length];
        Direction last = Direction.Neutral;
        foreach (int i in walk)
        {
            strong[i] = last;
            if (directions[i] is Direction.Left or Direction.Right)
                last = directions[i];
        }
        return strong;
    }

    private static void Reverse(List<string> pieces, int[] levels, int level)
    {
        int end;
        for (int start = 0; start < levels.Length; start = end)
        {
            end = start + 1;
            if (levels[start] < level)
                continue;
            while (end < levels.Length && levels[end] >= level)
                end++;
            pieces.Reverse(start, end - start);
            Array.Reverse(levels, start, end - start);
        }
    }

    private static string Mirrored(string piece)
    {
        int index = piece.Length == 1 ? Mirrors.IndexOf(piece[0], StringComparison.Ordinal) : -1;
        return index < 0 ? piece : Mirrors[index ^ 1].ToString();
    }

    private static Direction DirectionOf(string piece)
    {
        foreach (char c in piece)
        {
            if (c is (>= '0' and <= '9') or (>= '\u0660' and <= '\u0669') or (>= '\u06F0' and <= '\u06F9'))
                return Direction.Number;
            if (c is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC'))
            {
                if (char.GetUnicodeCategory(c) is UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark)
                    return Direction.Right;
            }
            else if (char.IsLetter(c))
            {
                return Direction.Left;
            }
        }
        return Direction.Neutral;
    }
}
