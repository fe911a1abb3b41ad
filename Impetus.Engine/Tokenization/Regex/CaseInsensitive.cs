using System.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>Literals under (?i): each matches its case variants, and a run such as <c>ss</c> also the one character that folds to it.</summary>
internal static class CaseInsensitive
{
    public static IEnumerable<RegexNode> Literal(int[] literals)
    {
        string folded = string.Concat(literals.Select(CaseFolding.Fold));
        int[] runes = [.. folded.EnumerateRunes().Select(r => r.Value)];
        for (int at = 0; at < runes.Length;)
        {
            var (length, singles) = FindExpansion(runes, at);
            if (length == 0)
            {
                yield return Variants(runes[at++]);
                continue;
            }
            var spelledOut = runes[at..(at + length)].Select(Variants).ToArray();
            yield return new RegexNode.Alternation([new RegexNode.Sequence(spelledOut), new RegexNode.Set(singles!)]);
            at += length;
        }
    }

    private static RegexNode Variants(int codePoint) => new RegexNode.Set(CaseFolding.Close(CodePointSet.Of(codePoint)));

    private static (int Length, CodePointSet? Singles) FindExpansion(int[] runes, int at)
    {
        foreach (var (text, singles) in CaseFolding.Expansions)
        {
            int matched = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                if (at + matched >= runes.Length || runes[at + matched] != rune.Value)
                {
                    matched = 0;
                    break;
                }
                matched++;
            }
            if (matched > 0)
                return (matched, singles);
        }
        return (0, null);
    }
}
