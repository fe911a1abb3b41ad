using System.Runtime.InteropServices;
using Impetus.Engine.Tokenization.Regex;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>GPT-2's: splits into contractions, words, numbers and the rest, and writes each byte as a letter.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly OnigurumaRegex Words =
        new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        var split = new List<Piece>(pieces.Count);
        foreach (var piece in pieces)
            Split(addPrefixSpace && piece.Span[0] != ' ' ? WithSpace(piece) : piece, split);
        Spell(CollectionsMarshal.AsSpan(split), parts);
    }

    private void Split(in Piece piece, List<Piece> split)
    {
        if (!useRegex)
        {
            split.Add(piece);
            return;
        }
        var matches = new List<(int Start, int End)>();
        Words.FindMatches(piece.Span, matches);
        SplitBehavior.Isolated.Split(piece, matches, invert: false, split);
    }

    private static Piece WithSpace(in Piece piece)
    {
        var rewriter = new TextRewriter(piece.Text.Tracked, piece.Length + 1);
        rewriter.Append(" ", piece.Text, piece.Start);
        rewriter.Copy(piece.Text, piece.Start, piece.Length);
        return new Piece(rewriter.ToText(), 0, piece.Length + 1);
    }

    /// <summary>Spells pieces of one text in one go: most are words, and a text for each would cost more than the work.</summary>
    private static void Spell(ReadOnlySpan<Piece> pieces, List<Piece> parts)
    {
        for (int from = 0; from < pieces.Length;)
        {
            int to = from + 1;
            while (to < pieces.Length && ReferenceEquals(pieces[to].Text, pieces[from].Text))
                to++;
            int length = 0;
            foreach (ref readonly var piece in pieces[from..to])
                length += piece.Length;
            var rewriter = new TextRewriter(pieces[from].Text.Tracked, length);
            var ends = new int[to - from];
            for (int i = from; i < to; i++)
            {
                ByteAlphabet.Spell(pieces[i].Text, pieces[i].Start, pieces[i].Length, rewriter);
                ends[i - from] = rewriter.Length;
            }
            var spelled = rewriter.ToText();
            int start = 0;
            foreach (int end in ends)
            {
                parts.Add(new Piece(spelled, start, end - start));
                start = end;
            }
            from = to;
        }
    }
}
