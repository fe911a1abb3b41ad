using System.Text;

namespace Impetus.Engine.Tokenization.Text;

/// <summary>
/// A rewriting as the reference writes it down, which decides alignments: each new character with a change. 0 takes the place
/// of the next old character, 1 is inserted and shares the origin of the old one before, −n takes the next and drops n more.
/// </summary>
internal sealed class Transformation(int capacity)
{
    private readonly List<(int CodePoint, int Change)> _items = new(capacity);

    public void Add(int codePoint, int change) => _items.Add((codePoint, change));

    /// <summary>Replaces <paramref name="replaced"/> old characters by a text, one to one from the left.</summary>
    public void Replace(int replaced, string replacement)
    {
        int added = 0;
        foreach (var rune in replacement.EnumerateRunes())
            Add(rune.Value, added++ < replaced ? 0 : 1);
        // With nothing new to carry the loss, the character before carries it; at the beginning it is forgotten, and what
        // follows is aligned early. So the reference does it.
        if (added < replaced && _items.Count > 0)
            _items[^1] = (_items[^1].CodePoint, _items[^1].Change + added - replaced);
    }

    public AlignedText ApplyTo(AlignedText text)
    {
        var rewriter = new TextRewriter(text.Tracked, Math.Max(text.Length, _items.Count));
        var span = text.Span;
        int at = 0;
        foreach (var (codePoint, change) in _items)
        {
            rewriter.Append(new Rune(codePoint), text, change > 0 ? at - 1 : Math.Min(at, span.Length - 1));
            for (int passed = 0; passed <= -change && at < span.Length; passed++)
                at += char.IsHighSurrogate(span[at]) && at + 1 < span.Length ? 2 : 1;
        }
        return rewriter.ToText();
    }
}
