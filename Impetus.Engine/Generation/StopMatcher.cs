using System.Text;

namespace Impetus.Engine.Generation;

/// <summary>
/// Ends an answer before its first stop text: the one that is complete first, and of those that end together the longest.
/// Text is held back only while it could be the beginning of a stop text (Knuth, Morris and Pratt 1977, one automaton a
/// text), so what comes out does not depend on how the text was cut into tokens.
/// </summary>
/// <param name="stops">The stop texts, none empty.</param>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly int[][] _borders = [.. stops.Select(Borders)];
    private readonly int[] _matched = new int[stops.Count];
    private readonly StringBuilder _held = new();

    /// <summary>The stop text that ended the answer; null while it goes on.</summary>
    public string? Found { get; private set; }

    /// <summary>Takes more of the answer.</summary>
    /// <returns>What can be shown now. After a stop text was <see cref="Found"/>, nothing more ever is.</returns>
    public string Push(string text)
    {
        if (stops.Count == 0)
            return text;
        if (Found is not null)
            return "";
        for (int i = 0; i < text.Length && Found is null; i++)
        {
            _held.Append(text[i]);
            Found = Advance(text[i]);
        }

        if (Found is null)
            return Take(_held.Length - _matched.Max());
        string shown = Take(_held.Length - Found.Length);
        _held.Clear();
        return shown;
    }

    /// <summary>The answer is over: what was held back was no stop text.</summary>
    public string Flush() => Take(_held.Length);

    private string? Advance(char next)
    {
        string? found = null;
        for (int s = 0; s < _matched.Length; s++)
        {
            string stop = stops[s];
            int matched = _matched[s];
            while (matched > 0 && stop[matched] != next)
                matched = _borders[s][matched - 1];
            if (stop[matched] == next)
                matched++;
            _matched[s] = matched;
            if (matched == stop.Length && stop.Length > (found?.Length ?? 0))
                found = stop;
        }

        return found;
    }

    private string Take(int length)
    {
        if (length == 0)
            return "";
        string taken = _held.ToString(0, length);
        _held.Remove(0, length);
        return taken;
    }

    /// <summary>For each prefix of a text, the length of its longest proper prefix that is also its suffix.</summary>
    private static int[] Borders(string text)
    {
        var borders = new int[text.Length];
        for (int i = 1, border = 0; i < text.Length; i++)
        {
            while (border > 0 && text[i] != text[border])
                border = borders[border - 1];
            if (text[i] == text[border])
                border++;
            borders[i] = border;
        }

        return borders;
    }
}
