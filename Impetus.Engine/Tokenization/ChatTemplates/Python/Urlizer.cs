using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Turns the addresses in a text that is escaped for HTML into links, as Jinja's filter <c>urlize</c> does.</summary>
/// <param name="limit">The longest address that is shown whole; null for any.</param>
/// <param name="rel">The links' attribute <c>rel</c>.</param>
/// <param name="target">The links' attribute <c>target</c>, or null.</param>
/// <param name="schemes">Further beginnings that make a word an address.</param>
internal sealed class Urlizer(int? limit, string rel, string? target, IReadOnlyList<string> schemes)
{
    private static readonly string[] Opening = ["(", "<", "&lt;"];
    private static readonly string[] Closing = [")", ">", "&gt;"];
    private static readonly string[] Trailing = [")", ">", ".", ",", "\n", "&gt;"];

    private readonly string _attributes =
        (rel.Length > 0 ? $" rel=\"{Html.Escape(rel)}\"" : "") + (target is null ? "" : $" target=\"{Html.Escape(target)}\"");

    /// <summary>Whether a text may be given as a further beginning: <c>name:</c>, perhaps with one or two slashes.</summary>
    public static bool IsScheme(string text)
    {
        string name = text.TrimEnd('/');
        return text.Length - name.Length <= 2 && name.Length > 2 && name[^1] == ':'
            && name[..^1].All(static c => WebAddress.IsWord(c) || c is '.' or '+' or '-');
    }

    public string Apply(string text)
    {
        StringBuilder result = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int start = at;
            bool isSpace = PythonText.IsSpace(text[at]);
            while (at < text.Length && PythonText.IsSpace(text[at]) == isSpace)
                at++;
            result.Append(isSpace ? text[start..at] : Word(text[start..at]));
        }

        return result.ToString();
    }

    private string Word(string word)
    {
        int start = 0, end = word.Length;
        while (Opening.FirstOrDefault(mark => word.AsSpan(start).StartsWith(mark)) is { } opening)
            start += opening.Length;
        while (Trailing.FirstOrDefault(mark => word.AsSpan(start, end - start).EndsWith(mark)) is { } closing)
            end -= closing.Length;
        string head = word[..start], middle = word[start..end], tail = word[end..];
        Balance(ref middle, ref tail);
        return head + Link(middle) + tail;
    }

    /// <summary>A bracket at the end belongs to the address if the address opens it.</summary>
    private static void Balance(ref string middle, ref string tail)
    {
        for (int i = 0; i < Opening.Length; i++)
        {
            int opened = TextSearch.Occurrences(middle, Opening[i]).Count;
            if (opened <= TextSearch.Occurrences(middle, Closing[i]).Count)
                continue;

            List<int> closings = TextSearch.Occurrences(tail, Closing[i], opened);
            if (closings.Count == 0)
                continue;

            int end = closings[^1] + Closing[i].Length;
            middle += tail[..end];
            tail = tail[end..];
        }
    }

    private string Link(string address)
    {
        if (WebAddress.IsMatch(address))
        {
            bool hasScheme = address.StartsWith("https://", StringComparison.Ordinal) || address.StartsWith("http://", StringComparison.Ordinal);
            return $"<a href=\"{(hasScheme ? "" : "https://")}{address}\"{_attributes}>{Shortened(address)}</a>";
        }

        if (address.StartsWith("mailto:", StringComparison.Ordinal) && WebAddress.IsMail(address[7..]))
            return $"<a href=\"{address}\">{address[7..]}</a>";
        if (!address.StartsWith("www.", StringComparison.Ordinal) && !address.StartsWith('@')
            && !address.Contains(':', StringComparison.Ordinal) && WebAddress.IsMail(address))
            return $"<a href=\"mailto:{address}\">{address}</a>";

        foreach (string scheme in schemes)
            if (address != scheme && address.StartsWith(scheme, StringComparison.Ordinal))
                return $"<a href=\"{address}\"{_attributes}>{address}</a>";
        return address;
    }

    private string Shortened(string address) => limit is { } length && PythonText.Length(address) > length
        ? address[..PythonText.OffsetOf(address, Math.Max(length, 0))] + "..."
        : address;
}
