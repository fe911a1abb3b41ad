using System.Text.RegularExpressions;

namespace Impetus.Server.Management;

/// <summary>
/// Finds what a chat template writes around what people say: the lines that it puts before, between and behind the turns of sample
/// conversations, and the marks in brackets in its source, which it may write in other conversations or look for in messages.
/// </summary>
internal static partial class TemplateMarkers
{
    private const int Shortest = 3;
    private const int Longest = 64;

    private static readonly ChatMessage System = new("system", "qzsystemqz"), First = new("user", "qzfirstqz"), Answer = new("assistant", "qzanswerqz"),
        Second = new("user", "qzsecondqz");

    private static readonly string[] Said = [System.Content, First.Content, Answer.Content, Second.Content];

    private static readonly ChatMessage[][] Samples = [[First], [System, First], [First, Answer, Second], [System, First, Answer, Second]];

    /// <param name="render">The template.</param>
    /// <param name="sources">Its text, and that of the model's other templates.</param>
    /// <returns>Distinct, longest first.</returns>
    public static IReadOnlyList<string> Of(Func<IReadOnlyList<ChatMessage>, string> render, IEnumerable<string> sources)
    {
        var written = Samples.SelectMany(sample => Written(render, sample)).Where(IsMark);
        var named = sources.SelectMany(source => Bracketed().Matches(source).Select(match => match.Value));
        return [.. written.Concat(named).Distinct(StringComparer.Ordinal).OrderByDescending(marker => marker.Length)];
    }

    private static string[] Written(Func<IReadOnlyList<ChatMessage>, string> render, ChatMessage[] sample)
    {
        try
        {
            return [.. render(sample).Split(Said, StringSplitOptions.None).SelectMany(piece => piece.Split('\n', StringSplitOptions.TrimEntries))];
        }
        catch (PromptException)
        {
            // It does not take such conversations, and so writes nothing around them.
            return [];
        }
    }

    private static bool IsMark(string line) => line.Length is >= Shortest and <= Longest && !line.All(c => char.IsLetterOrDigit(c) || c == ' ');

    [GeneratedRegex(@"<<?[|｜/]?[^<>\s{}'""]{1,60}>>?|\[/?[A-Z][A-Z_]*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();
}
