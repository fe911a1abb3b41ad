using System.Globalization;
using System.Text;

namespace Impetus.Retrieval.Answering;

/// <summary>
/// Lets an answer's text through as it is written and takes out numbers of evidence that does not exist: <c>[7]</c> where there are five,
/// the 7 of <c>[2, 7]</c>. Not thread-safe: one for each answer.
/// </summary>
/// <param name="count">Number of the last evidence.</param>
public sealed class CitationMarkers(int count)
{
    private const int MaxMarker = 40;

    private readonly StringBuilder _held = new();
    private readonly List<int> _invented = [];

    /// <summary>The numbers that were taken out, in order, each once.</summary>
    public IReadOnlyList<int> Invented => _invented;

    /// <summary>The text that can be shown now: all but the beginning of what may become a marker.</summary>
    public string Push(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        foreach (char c in text)
            Push(c, shown);
        return shown.ToString();
    }

    /// <summary>What is held back at the answer's end.</summary>
    public string Flush()
    {
        string rest = _held.ToString();
        _held.Clear();
        return rest;
    }

    private void Push(char c, StringBuilder shown)
    {
        bool isOpen = _held is { Length: > 0 } && (_held[0] == '[' || _held.Length > 1);
        if (isOpen && c == ']')
        {
            shown.Append(Checked(Flush() + c));
        }
        else if (isOpen && _held.Length < MaxMarker && (char.IsAsciiDigit(c) || c is ',' or ' '))
        {
            _held.Append(c);
        }
        else
        {
            // White space goes with the marker behind it.
            if (isOpen || c != '[')
                shown.Append(Flush());
            if (c is '[' or ' ')
                _held.Append(c);
            else
                shown.Append(c);
        }
    }

    private string Checked(string marker)
    {
        int open = marker.IndexOf('[', StringComparison.Ordinal);
        string[] numbers = marker[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        if (!Array.TrueForAll(numbers, number => number.Length is > 0 and <= 6 && number.All(char.IsAsciiDigit)))
            return marker;
        var wanted = numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        var known = wanted.Where(number => number >= 1 && number <= count).ToList();
        if (known.Count == wanted.Count)
            return marker;
        _invented.AddRange(wanted.Except(known).Except(_invented));
        return known.Count == 0 ? "" : $"{marker[..open]}[{string.Join(", ", known)}]";
    }
}
