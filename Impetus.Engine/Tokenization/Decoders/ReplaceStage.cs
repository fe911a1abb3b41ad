using System.Text;
using Impetus.Engine.Tokenization.Regex;

namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>Puts a fixed text in the place of each match in each token.</summary>
internal sealed class ReplaceStage(TextPattern pattern, string content) : WholeTokenStage
{
    protected override void Token(string token)
    {
        var matches = pattern.FindMatches(token);
        if (matches.Count == 0)
        {
            Emit(token);
            return;
        }
        var text = new StringBuilder();
        int at = 0;
        foreach (var (start, end) in matches)
        {
            text.Append(token, at, start - at).Append(content);
            at = end;
        }
        Emit(text.Append(token, at, token.Length - at).ToString());
    }
}
