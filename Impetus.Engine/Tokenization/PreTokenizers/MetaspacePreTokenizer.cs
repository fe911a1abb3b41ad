using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>Writes spaces as the replacement character, puts one in front by the scheme, and splits before each.</summary>
internal sealed class MetaspacePreTokenizer(Metaspace settings) : PreTokenizer
{
    public override bool NeedsAlignment => settings.Prepend == PrependScheme.First;

    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        foreach (var piece in pieces)
        {
            var marked = new Piece(Mark(piece), 0, 0);
            marked = marked with { Length = marked.Text.Length };
            if (settings.Split)
                SplitBehavior.MergedWithNext.Split(marked, Find(marked.Span), invert: false, parts);
            else
                parts.Add(marked);
        }
    }

    private AlignedText Mark(in Piece piece)
    {
        var span = piece.Span;
        var rewriter = new TextRewriter(piece.Text.Tracked, span.Length + settings.Replacement.Length);
        if (Prepends(piece))
            rewriter.Append(settings.Replacement, piece.Text, piece.Start);
        for (int at = 0; at < span.Length; at++)
        {
            if (span[at] == ' ')
                rewriter.Append(settings.Replacement, piece.Text, piece.Start + at);
            else
                rewriter.Append(span[at], piece.Text, piece.Start + at);
        }
        return rewriter.ToText();
    }

    private bool Prepends(in Piece piece)
    {
        if (piece.Span[0] == ' ' || piece.Span.StartsWith(settings.Replacement, StringComparison.Ordinal))
            return false;
        return settings.Prepend switch
        {
            PrependScheme.Always => true,
            PrependScheme.First => piece.Origin.Start == 0,
            _ => false,
        };
    }

    private List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var found = new List<(int Start, int End)>();
        for (int at = 0; text[at..].IndexOf(settings.Replacement, StringComparison.Ordinal) is var next and >= 0;)
        {
            found.Add((at + next, at + next + settings.Replacement.Length));
            at += next + settings.Replacement.Length;
        }
        return found;
    }
}
