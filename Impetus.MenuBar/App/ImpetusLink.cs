using System.Web;

namespace Impetus.MenuBar.App;

/// <summary>
/// What an <c>impetus://</c> address asks for. Any web page can call one, so that none does anything by itself: a document is added after
/// the user has confirmed it, and a question is only written into the field.
/// </summary>
internal abstract record ImpetusLink
{
    /// <summary>The longest address that is read, in UTF-16 code units.</summary>
    public const int LongestAddress = 16_384;

    /// <summary>The longest question.</summary>
    public const int LongestQuestion = 2_000;

    private ImpetusLink()
    {
    }

    /// <summary><c>impetus://open</c>: show the app.</summary>
    internal sealed record Open : ImpetusLink;

    /// <summary><c>impetus://add?url=…</c> or <c>impetus://add?text=…</c>: add a document.</summary>
    internal sealed record Add(IngestionItem Item) : ImpetusLink;

    /// <summary><c>impetus://ask?q=…</c>: ask the library.</summary>
    internal sealed record Ask(string Question) : ImpetusLink;

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none of the three; the message says what is wrong.</exception>
    public static ImpetusLink Parse(string address)
    {
        if (address.Length > LongestAddress)
            throw new FormatException($"The address is longer than {LongestAddress} characters.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != "impetus")
            throw new FormatException("The address does not begin with impetus://.");
        var query = HttpUtility.ParseQueryString(uri.Query);
        return (uri.Host, uri.AbsolutePath.Trim('/')) switch
        {
            ("open", "") => new Open(),
            ("add", "") => new Add(ReadDocument(query["url"], query["text"])),
            ("ask", "") => new Ask(ReadQuestion(query["q"])),
            _ => throw new FormatException($"impetus://{uri.Host}{uri.AbsolutePath} is unknown. There are open, add and ask."),
        };
    }

    private static IngestionItem ReadDocument(string? url, string? text) => (url, text) switch
    {
        // Files are chosen by people, never named by pages.
        ({ } address, null) => Uri.TryCreate(address, UriKind.Absolute, out var page) && page is { Scheme: "http" or "https", Host.Length: > 0 }
            ? new IngestionItem.FromWeb(page)
            : throw new FormatException("url must be an address that begins with https:// or http://."),
        (null, { } words) when !string.IsNullOrWhiteSpace(words) => new IngestionItem.FromText(words),
        _ => throw new FormatException("impetus://add takes either url or text."),
    };

    private static string ReadQuestion(string? question) => question?.Trim() switch
    {
        null or "" => throw new FormatException("impetus://ask takes a question as q."),
        { Length: > LongestQuestion } => throw new FormatException($"The question is longer than {LongestQuestion} characters."),
        var text => text,
    };
}
