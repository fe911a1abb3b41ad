using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>
/// SentencePiece's compiled character map: a double-array trie (darts-clone) from UTF-8 keys to offsets into a block of texts
/// that end in NUL.
/// </summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    /// <summary>Grapheme clusters up to this many bytes are looked up whole.</summary>
    private const int MaxClusterBytes = 5;

    private readonly uint[] _trie;
    private readonly byte[] _texts;

    private PrecompiledNormalizer(uint[] trie, byte[] texts)
    {
        _trie = trie;
        _texts = texts;
    }

    public static new PrecompiledNormalizer Load(ConfigNode config)
    {
        byte[] blob;
        try
        {
            blob = Convert.FromBase64String(config.String());
        }
        catch (FormatException)
        {
            throw config.Unexpected("text in base 64");
        }
        uint size = blob.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(blob) : 0;
        if (blob.Length < 4 || size == 0 || size % 4 != 0 || size > blob.Length - 4)
            throw config.Fault("is cut short: its trie does not fit");
        var trie = new uint[size / 4];
        for (int i = 0; i < trie.Length; i++)
            trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob.AsSpan(4 + i * 4));
        return new PrecompiledNormalizer(trie, blob[(4 + (int)size)..]);
    }

    public override AlignedText Normalize(AlignedText text)
    {
        var span = text.Span;
        var result = new Transformation(span.Length);
        bool changed = false;
        for (int at = 0; at < span.Length;)
        {
            int end = at + StringInfo.GetNextTextElementLength(span[at..]);
            if (System.Text.Encoding.UTF8.GetByteCount(span[at..end]) <= MaxClusterBytes && Find(span[at..end]) is { } whole)
            {
                result.Replace(CountCharacters(span[at..end]), whole);
                changed = true;
                at = end;
            }
            while (at < end)
            {
                Rune.DecodeFromUtf16(span[at..end], out var rune, out int units);
                if (Find(span.Slice(at, units)) is { } single)
                {
                    result.Replace(1, single);
                    changed = true;
                }
                else
                {
                    result.Add(rune.Value, 0);
                }
                at += units;
            }
        }
        return changed ? result.ApplyTo(text) : text;
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>The replacement of the shortest key that the text begins with; the reference takes the first it meets.</summary>
    private string? Find(ReadOnlySpan<char> text)
    {
        Span<byte> key = stackalloc byte[MaxClusterBytes + 1];
        int length = System.Text.Encoding.UTF8.GetBytes(text, key);
        uint node = Offset(_trie[0]);
        foreach (byte label in key[..length])
        {
            if (label == 0)
                break;
            node ^= label;
            if (node >= _trie.Length)
                return null;
            uint unit = _trie[node];
            if ((unit & 0x800000FF) != label)
                return null;
            node ^= Offset(unit);
            if ((unit >> 8 & 1) != 0)
                return node < _trie.Length ? TextAt((int)(_trie[node] & 0x7FFFFFFF)) : null;
        }
        return null;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);

    private string? TextAt(int offset)
    {
        if (offset > _texts.Length)
            return null;
        var rest = _texts.AsSpan(offset);
        int end = rest.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
