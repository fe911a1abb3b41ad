using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Impetus.Engine.Tokenization.Unicode;

/// <summary>
/// The Unicode tables that Hugging Face's tokenizers freeze, each in the version that its library has (UnicodeData.txt,
/// embedded). The runtime's own tables are newer, differ by platform, and change with updates: a token id would change too.
/// Tables are parsed when first asked for. Thread safe.
/// </summary>
internal static class UnicodeData
{
    private static readonly Dictionary<string, string> Lines = ReadLines();
    private static readonly ConcurrentDictionary<string, CodePointSet> Sets = new(StringComparer.Ordinal);

    /// <summary>Rust's <c>char::is_whitespace</c>, which is also Oniguruma's <c>\s</c>.</summary>
    public static CodePointSet Whitespace { get; } =
        CodePointSet.Range(0x9, 0xD).Union(CodePointSet.Of(0x85)).Union(Set("Z"));

    /// <summary>Oniguruma's <c>\w</c>.</summary>
    public static CodePointSet Word { get; } = Set("word");

    /// <summary>The <c>\w</c> of Rust's regex crate: UTS #18's, with the joiners and without superscript digits.</summary>
    public static CodePointSet RustWord { get; } =
        Set("alpha").Union(Set("M")).Union(Set("Nd")).Union(Set("Pc")).Union(CodePointSet.Range(0x200C, 0x200D));

    /// <summary>Names of all sets.</summary>
    public static IEnumerable<string> SetNames => Lines.Keys.Where(k => k.StartsWith("set ", StringComparison.Ordinal)).Select(k => k[4..]);

    /// <summary>A set that is known to exist.</summary>
    public static CodePointSet Set(string name) => Sets.GetOrAdd(name, static n => ParseSet(Lines["set " + n]));

    /// <summary>A table from code point to text.</summary>
    public static Dictionary<int, string> Map(string name)
    {
        var map = new Dictionary<int, string>();
        foreach (var cell in Cells(Lines["map " + name]))
        {
            int equals = cell.IndexOf('=');
            var text = new StringBuilder();
            foreach (var part in cell[(equals + 1)..].ToString().Split('.'))
                text.Append(char.ConvertFromUtf32(Hex(part)));
            map.Add(Hex(cell[..equals]), text.ToString());
        }
        return map;
    }

    private static CodePointSet ParseSet(string line)
    {
        var boundaries = new List<int>();
        foreach (var cell in Cells(line))
        {
            int dash = cell.IndexOf('-');
            int first = Hex(dash < 0 ? cell : cell[..dash]);
            boundaries.Add(first);
            boundaries.Add((dash < 0 ? first : Hex(cell[(dash + 1)..])) + 1);
        }
        return CodePointSet.FromBoundaries([.. boundaries]);
    }

    private static SpaceSeparated Cells(string line) => new(line);

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Dictionary<string, string> ReadLines()
    {
        using var stream = typeof(UnicodeData).Assembly.GetManifestResourceStream("UnicodeData.txt")!;
        using var reader = new StreamReader(stream);
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            int end = line.IndexOf(' ', 4);
            lines.Add(line[..end], line[(end + 1)..]);
        }
        return lines;
    }

    private ref struct SpaceSeparated(ReadOnlySpan<char> rest)
    {
        private ReadOnlySpan<char> _rest = rest;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly SpaceSeparated GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            int space = _rest.IndexOf(' ');
            Current = space < 0 ? _rest : _rest[..space];
            _rest = space < 0 ? default : _rest[(space + 1)..];
            return true;
        }
    }
}
