using System.Text;
using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.PreTokenizers;

/// <summary>
/// Splits where the script changes (Unicode 9), as SentencePiece does: kana count as Han, and a space or an unassigned code point
/// belongs to what stands before it.
/// </summary>
internal sealed class UnicodeScriptsPreTokenizer : PreTokenizer
{
    private const byte Any = 0;

    private static readonly byte[] Scripts = BuildScripts();

    public override void Apply(IReadOnlyList<Piece> pieces, List<Piece> parts)
    {
        foreach (var piece in pieces)
        {
            var span = piece.Span;
            // Characters of no script before the first of any are dropped; this is what the reference does.
            int start = -1;
            byte last = Any;
            bool seen = false;
            for (int at = 0; at < span.Length;)
            {
                Rune.DecodeFromUtf16(span[at..], out var rune, out int units);
                byte script = Scripts[rune.Value];
                if (script != Any && (!seen || script != last))
                {
                    if (start >= 0)
                        parts.Add(piece.Part(start, at - start));
                    start = at;
                }
                if (script != Any)
                    (last, seen) = (script, true);
                at += units;
            }
            if (start >= 0)
                parts.Add(piece.Part(start, span.Length - start));
        }
    }

    private static byte[] BuildScripts()
    {
        var scripts = new byte[0x110000];
        byte number = Any;
        byte han = 0;
        var names = UnicodeData.SetNames.Where(n => n.StartsWith("9.", StringComparison.Ordinal)).ToArray();
        foreach (string name in names)
        {
            number++;
            if (name == "9.Han")
                han = number;
            foreach (var (first, last) in UnicodeData.Set(name).Ranges())
                scripts.AsSpan(first, last - first + 1).Fill(number);
        }
        foreach (string kana in (string[])["9.Hiragana", "9.Katakana"])
            foreach (var (first, last) in UnicodeData.Set(kana).Ranges())
                scripts.AsSpan(first, last - first + 1).Fill(han);
        scripts[0x30FC] = han;
        scripts[' '] = Any;
        return scripts;
    }
}
