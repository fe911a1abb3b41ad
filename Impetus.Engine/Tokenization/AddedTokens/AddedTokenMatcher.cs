using System.Buffers;
using System.Text;
using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.AddedTokens;

/// <summary>Cuts added tokens out of a text: the leftmost first, and of those that begin at one place the longest.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<(int Node, char Unit), int> _edges = [];
    private readonly List<AddedToken?> _tokens = [null];
    private readonly SearchValues<char> _firstUnits;

    public AddedTokenMatcher(IEnumerable<(string Pattern, AddedToken Token)> patterns)
    {
        var firsts = new HashSet<char>();
        foreach (var (pattern, token) in patterns)
        {
            if (pattern.Length == 0)
                continue;
            firsts.Add(pattern[0]);
            int node = 0;
            foreach (char unit in pattern)
            {
                if (!_edges.TryGetValue((node, unit), out int next))
                {
                    _edges.Add((node, unit), next = _tokens.Count);
                    _tokens.Add(null);
                }
                node = next;
            }
            _tokens[node] ??= token;
        }
        _firstUnits = SearchValues.Create([.. firsts]);
    }

    /// <summary>Splits a piece into added tokens and what is left; empty parts are left out.</summary>
    public void Split(in Piece piece, List<Piece> parts)
    {
        var span = piece.Span;
        int taken = 0;
        for (int at = 0; at < span.Length;)
        {
            int next = span[at..].IndexOfAny(_firstUnits);
            if (next < 0)
                break;
            at += next;
            int length = LongestAt(span[at..], out var token);
            if (length == 0)
            {
                at++;
                continue;
            }
            int start = at, stop = at + length;
            // Once matched, a token is passed over even when its flags then reject it.
            at = stop;
            if (token!.SingleWord && (IsWordBefore(span, start) || IsWordAt(span, stop)))
                continue;
            if (token.LeftStrip)
                while (start > taken && UnicodeData.Whitespace.Contains(span[start - 1]))
                    start--;
            if (token.RightStrip)
                while (stop < span.Length && UnicodeData.Whitespace.Contains(span[stop]))
                    stop++;
            if (taken < start)
                parts.Add(piece.Part(taken, start - taken));
            parts.Add(piece.Part(start, stop - start) with { AddedId = token.Id });
            taken = stop;
        }
        if (taken < span.Length)
            parts.Add(piece.Part(taken, span.Length - taken));
    }

    private int LongestAt(ReadOnlySpan<char> text, out AddedToken? token)
    {
        int longest = 0, node = 0;
        token = null;
        for (int i = 0; i < text.Length && _edges.TryGetValue((node, text[i]), out node); i++)
        {
            if (_tokens[node] is not { } found)
                continue;
            longest = i + 1;
            token = found;
        }
        return longest;
    }

    private static bool IsWordAt(ReadOnlySpan<char> text, int at) =>
        at < text.Length && Rune.DecodeFromUtf16(text[at..], out var rune, out _) == OperationStatus.Done && UnicodeData.RustWord.Contains(rune.Value);

    private static bool IsWordBefore(ReadOnlySpan<char> text, int at) =>
        at > 0 && Rune.DecodeLastFromUtf16(text[..at], out var rune, out _) == OperationStatus.Done && UnicodeData.RustWord.Contains(rune.Value);
}
