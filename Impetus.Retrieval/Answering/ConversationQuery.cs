using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Answering;

/// <summary>
/// Makes what is searched for from a conversation. A question that leans on what was said before (few words of its own, or words that
/// point back) is searched together with the user's turn before it.
/// </summary>
public static class ConversationQuery
{
    private const int FewTerms = 2;
    private const int MaxTurns = 3;
    private const int MaxLength = 4_000;

    private static readonly HashSet<string> PointingBack = new(StringComparer.OrdinalIgnoreCase)
    {
        "it", "its", "he", "she", "him", "her", "his", "they", "them", "their", "this", "that", "these", "those", "there", "then", "one", "ones",
        "same", "other", "former", "latter",
    };

    /// <summary>The query of a conversation whose user turns these are, oldest first; empty where there are none.</summary>
    public static string Of(IReadOnlyList<string> userTurns)
    {
        ArgumentNullException.ThrowIfNull(userTurns);
        if (userTurns.Count == 0)
            return "";
        int first = userTurns.Count - 1;
        while (first > 0 && userTurns.Count - first < MaxTurns && LeansOnEarlier(userTurns[first]))
            first--;
        string query = string.Join('\n', userTurns.Skip(first).Select(turn => turn.Trim()));
        return query.Length <= MaxLength ? query : query[^MaxLength..];
    }

    private static bool LeansOnEarlier(string turn) =>
        ContentTerms.Of(turn, LanguageGuess.Of(turn)).Count <= FewTerms
            || turn.Split([' ', '\t', '\n', ',', '.', '?', '!', ';', ':', '\''], StringSplitOptions.RemoveEmptyEntries).Any(PointingBack.Contains);
}
