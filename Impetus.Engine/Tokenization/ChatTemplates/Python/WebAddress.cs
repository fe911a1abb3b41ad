namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>What <c>urlize</c> takes for an address.</summary>
internal static class WebAddress
{
    private static readonly string[] BareDomains = ["com", "net", "int", "edu", "gov", "org", "info", "mil"];

    /// <summary>Whether a word is a web address, with or without a scheme.</summary>
    public static bool IsMatch(string word)
    {
        bool hasScheme = TrySkip(ref word, "https://") || TrySkip(ref word, "http://");
        string rest = word;
        bool hasPrefix = hasScheme || TrySkip(ref rest, "www.");
        int end = HostEnd(rest);
        string host = rest[..end];
        if (!IsTail(rest[end..]))
            return false;
        if (hasScheme && IsNumericHost(host))
            return true;

        string[] labels = host.Split('.');
        return hasPrefix
            ? labels[..^1].All(static label => IsLabel(label, 1, int.MaxValue)) && IsTopLevel(labels[^1])
            : labels.Length > 1
                && labels[..^1].All(static label => IsLabel(label, 2, 63))
                && BareDomains.Contains(labels[^1], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a word is a mail address.</summary>
    public static bool IsMail(string word)
    {
        int at = word.LastIndexOf('@');
        if (at < 1)
            return false;

        string domain = word[(at + 1)..];
        int dot = domain.LastIndexOf('.');
        return dot > 0 && dot < domain.Length - 1 && IsWord(domain[0])
            && domain[1..dot].All(static c => IsWord(c) || c is '.' or '-') && domain[(dot + 1)..].All(IsWord);
    }

    public static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool TrySkip(ref string word, string prefix)
    {
        if (!word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return false;

        word = word[prefix.Length..];
        return true;
    }

    private static int HostEnd(string rest)
    {
        int from = rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is > 0 and int bracket ? bracket : 0;
        int end = rest.AsSpan(from).IndexOfAny(":/?#");
        return end < 0 ? rest.Length : from + end;
    }

    private static bool IsTail(string tail)
    {
        int at = 0;
        if (tail.StartsWith(':'))
        {
            at = 1;
            while (at < tail.Length && at <= 5 && char.IsDigit(tail[at]))
                at++;
            if (at == 1)
                return false;
        }

        return at == tail.Length || tail[at] is '/' or '?' or '#';
    }

    private static bool IsNumericHost(string host)
    {
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            string[] groups = host[1..^1].Split(':');
            return groups.Length is >= 3 and <= 9 && groups.All(static group => group.Length <= 4 && group.All(char.IsAsciiHexDigit));
        }

        string[] parts = host.Split('.');
        return parts.Length == 4 && parts.All(static part => part.Length is >= 1 and <= 3 && part.All(char.IsDigit));
    }

    private static bool IsLabel(string label, int minimum, int maximum) =>
        label.Length >= minimum && label.Length <= maximum && label.All(static c => IsWord(c) || c is '%' or '-');

    private static bool IsTopLevel(string label) =>
        label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase)
            ? label.Length is >= 6 and <= 63 && label[4..].All(static c => IsWord(c) || c == '%')
            : label.Length is >= 2 and <= 63 && label.All(char.IsAsciiLetter);
}
