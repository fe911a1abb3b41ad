using System.Text.RegularExpressions;

namespace Impetus.Retrieval.Answering;

/// <summary>Recognises an answer that says that the documents lack it, in the words that the model is told to use and in those near to them.</summary>
public static partial class MissingAnswer
{
    /// <summary>Whether an English text says so.</summary>
    public static bool IsSaidIn(string answer) => Said().IsMatch(answer);

    [GeneratedRegex(
        @"\b(?:documents?|evidence|texts?|passages?|context)\b[^.!?\n]{0,40}\b(?:do|does|did)(?: not|n['’]t)\b[^.!?\n]{0,20}\b(?:say|hold|mention|contain|provide|state|specify|include|answer)"
            + @"|\bnot (?:said|mentioned|stated|specified|provided|given|found|contained)\b[^.!?\n]{0,20}\b(?:documents?|evidence|texts?|passages?|context)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Said();
}
