namespace Impetus.Engine.Tokenization.Unicode;

/// <summary>Decompositions, compositions and combining classes of Unicode 9; Hangul by arithmetic (Unicode standard, 3.12).</summary>
internal static class Decomposition
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Dictionary<int, int[]> Canonical = Load("NFD");
    private static readonly Dictionary<int, int[]> Compatible = Load("NFKD");
    private static readonly Dictionary<(int, int), int> Pairs = BuildPairs();
    private static readonly Dictionary<int, byte> Classes = BuildClasses();

    /// <summary>The full decomposition of a code point, itself when it has none.</summary>
    public static ReadOnlySpan<int> Of(int codePoint, bool compatibility)
    {
        if (codePoint is >= SyllableBase and < SyllableBase + Leads * Vowels * Trails)
            return Syllable(codePoint - SyllableBase);
        if (codePoint >= 0xA0 && ((compatibility && Compatible.TryGetValue(codePoint, out var found)) || Canonical.TryGetValue(codePoint, out found)))
            return found;
        return new[] { codePoint };
    }

    public static byte CombiningClass(int codePoint) => codePoint < 0x300 ? (byte)0 : Classes.GetValueOrDefault(codePoint);

    /// <summary>The primary composite of two code points, if there is one.</summary>
    public static int? Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            return SyllableBase + ((first - LeadBase) * Vowels + second - VowelBase) * Trails;
        int syllable = first - SyllableBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0 && second is > TrailBase and < TrailBase + Trails)
            return first + second - TrailBase;
        return Pairs.TryGetValue((first, second), out int composite) ? composite : null;
    }

    private static int[] Syllable(int index)
    {
        int lead = LeadBase + index / (Vowels * Trails);
        int vowel = VowelBase + index % (Vowels * Trails) / Trails;
        return index % Trails == 0 ? [lead, vowel] : [lead, vowel, TrailBase + index % Trails];
    }

    private static Dictionary<int, int[]> Load(string name) => UnicodeData.Map(name)
        .ToDictionary(e => e.Key, e => e.Value.EnumerateRunes().Select(r => r.Value).ToArray());

    /// <summary>A composite's pair is the composite of all but the last of its decomposition, and that last.</summary>
    private static Dictionary<(int, int), int> BuildPairs()
    {
        var excluded = UnicodeData.Set("NoComposition");
        var byDecomposition = Canonical.Where(e => !excluded.Contains(e.Key))
            .ToDictionary(e => string.Join(' ', e.Value), e => e.Key, StringComparer.Ordinal);
        var pairs = new Dictionary<(int, int), int>();
        foreach (var (composite, parts) in Canonical)
        {
            if (excluded.Contains(composite) || parts.Length < 2)
                continue;
            if (parts.Length == 2)
                pairs.Add((parts[0], parts[1]), composite);
            else if (byDecomposition.TryGetValue(string.Join(' ', parts[..^1]), out int head))
                pairs.Add((head, parts[^1]), composite);
        }
        return pairs;
    }

    private static Dictionary<int, byte> BuildClasses()
    {
        var classes = new Dictionary<int, byte>();
        foreach (string name in UnicodeData.SetNames.Where(n => n.StartsWith("ccc.", StringComparison.Ordinal)))
            foreach (var (first, last) in UnicodeData.Set(name).Ranges())
                for (int c = first; c <= last; c++)
                    classes.Add(c, byte.Parse(name.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture));
        return classes;
    }
}
