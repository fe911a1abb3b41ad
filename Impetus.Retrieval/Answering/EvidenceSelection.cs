namespace Impetus.Retrieval.Answering;

/// <summary>The evidence that fits a budget of tokens, numbered, and what was left out for it.</summary>
/// <param name="Used">Best first, numbered from 1.</param>
/// <param name="LeftOut">What did not fit.</param>
/// <param name="Tokens">Of what is used, in the prompt's form.</param>
public sealed record EvidenceSelection(IReadOnlyList<Evidence> Used, IReadOnlyList<Evidence> LeftOut, int Tokens)
{
    /// <summary>Takes what fits, in order. A passage that does not fit is left out; a later, shorter one may still fit.</summary>
    /// <param name="candidates">Best first.</param>
    /// <param name="budget">Tokens that all of it may have.</param>
    /// <param name="countTokens">Tokens of an evidence as it stands in the prompt.</param>
    public static EvidenceSelection Fit(IEnumerable<Evidence> candidates, int budget, Func<Evidence, int> countTokens)
    {
        var used = new List<Evidence>();
        var leftOut = new List<Evidence>();
        int tokens = 0;
        foreach (var candidate in candidates)
        {
            var numbered = candidate with { Number = used.Count + 1 };
            int count = countTokens(numbered);
            if (tokens + count > budget)
            {
                leftOut.Add(candidate);
                continue;
            }
            used.Add(numbered);
            tokens += count;
        }
        return new EvidenceSelection(used, leftOut, tokens);
    }
}
