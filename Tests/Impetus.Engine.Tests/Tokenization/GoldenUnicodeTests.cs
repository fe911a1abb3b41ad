using System.Text.Json;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Tokenization.Normalizers;
using Impetus.Engine.Tokenization.PreTokenizers;
using Impetus.Engine.Tokenization.Regex;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tests.Tokenization;

/// <summary>The reference's character tables over all code points.</summary>
public class GoldenUnicodeTests
{
    /// <summary>An unassigned character, which keeps others apart because no normalizer touches it.</summary>
    private const char Separator = '\u0378';

    private static readonly JsonElement Tables = JsonDocument.Parse(Golden.Bytes("unicode_tables.json")).RootElement;

    private static readonly Dictionary<string, string> Normalizers = new(StringComparer.Ordinal)
    {
        ["NFC"] = """{"type":"NFC"}""",
        ["NFD"] = """{"type":"NFD"}""",
        ["NFKC"] = """{"type":"NFKC"}""",
        ["NFKD"] = """{"type":"NFKD"}""",
        ["Lowercase"] = """{"type":"Lowercase"}""",
        ["StripAccents"] = """{"type":"StripAccents"}""",
        ["Nmt"] = """{"type":"Nmt"}""",
        ["Bert_clean_cjk_lower_strip"] = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":true,"lowercase":true}""",
        ["Bert_clean_only"] = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":false,"lowercase":false}""",
    };

    public static TheoryData<string> Classes => [.. Names("regex_classes")];

    public static TheoryData<string> Maps => [.. Names("normalizer_maps")];

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_regex_class_has_the_members_that_it_has_in_the_reference(string name)
    {
        string pattern = name switch
        {
            "s" or "w" or "d" or "h" => $@"\{name}",
            _ when name.StartsWith("posix_", StringComparison.Ordinal) => $"[[:{name[6..]}:]]",
            _ => $@"\p{{{name}}}",
        };
        string all = string.Concat(CodePoints().Select(char.ConvertFromUtf32));
        var matches = new List<(int Start, int End)>();
        new OnigurumaRegex(pattern).FindMatches(all, matches);
        var found = matches.Select(m => char.ConvertToUtf32(all, m.Start)).ToHashSet();
        AssertMembers(Tables.GetProperty("regex_classes").GetProperty(name), text => found.Contains(char.ConvertToUtf32(text, 0)));
    }

    [Theory]
    [InlineData("WhitespaceSplit_removed", """{"type":"WhitespaceSplit"}""", 2)]
    [InlineData("Bert_removed", """{"type":"BertPreTokenizer"}""", 2)]
    [InlineData("Bert_isolated", """{"type":"BertPreTokenizer"}""", 3)]
    [InlineData("Punctuation_split", """{"type":"Punctuation"}""", 3)]
    [InlineData("Digits_split", """{"type":"Digits"}""", 3)]
    public void A_pre_tokenizer_splits_at_the_characters_that_it_splits_at_in_the_reference(string name, string config, int pieces)
    {
        var preTokenizer = PreTokenizer.Load(Parse(config))!;
        AssertMembers(Tables.GetProperty("pre_tokenizers").GetProperty(name), text =>
        {
            string between = $"a{text}b";
            var parts = new List<Piece>();
            preTokenizer.Apply([new Piece(AlignedText.Original(between, tracked: false), 0, between.Length)], parts);
            return parts.Count == pieces;
        });
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void A_normalizer_maps_each_character_like_the_reference(string name)
    {
        var table = Tables.GetProperty("normalizer_maps").GetProperty(name);
        var removed = Members(table.GetProperty("removed"));
        var padded = Members(table.GetProperty("padded"));
        var map = table.GetProperty("map").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
        var normalizer = Normalizers.TryGetValue(name, out string? config) ? Normalizer.Load(Parse(config))! : Precompiled(name["Precompiled_".Length..]);
        var differences = new List<string>();
        bool skipsHangul = name.StartsWith("NF", StringComparison.Ordinal);
        foreach (int[] codePoints in CodePoints().Where(c => c != Separator && !(skipsHangul && c is >= 0xAC00 and <= 0xD7A3)).Chunk(1000))
        {
            string text = string.Join(Separator, codePoints.Select(char.ConvertFromUtf32));
            string[] results = normalizer.Normalize(AlignedText.Original(text, tracked: false)).Span.ToString().Split(Separator);
            Assert.Equal(codePoints.Length, results.Length);
            foreach (var (codePoint, actual) in codePoints.Zip(results))
            {
                string expected = map.GetValueOrDefault($"{codePoint:X}", char.ConvertFromUtf32(codePoint));
                if (removed.Contains(codePoint))
                    expected = "";
                if (padded.Contains(codePoint))
                    expected = $" {expected} ";
                if (actual != expected)
                    differences.Add($"U+{codePoint:X4} expected {JsonSerializer.Serialize(expected)} actual {JsonSerializer.Serialize(actual)}");
            }
        }
        Golden.AssertNone(differences, 0x110000);
    }

    private static void AssertMembers(JsonElement ranges, Func<string, bool> isMember)
    {
        var expected = Members(ranges);
        var differences = new List<string>();
        foreach (int codePoint in CodePoints())
            if (isMember(char.ConvertFromUtf32(codePoint)) != expected.Contains(codePoint))
                differences.Add($"U+{codePoint:X4}");
        Golden.AssertNone(differences, 0x110000);
    }

    private static HashSet<int> Members(JsonElement ranges) =>
        [.. ranges.EnumerateArray().SelectMany(r => Enumerable.Range(r[0].GetInt32(), r[1].GetInt32() - r[0].GetInt32() + 1))];

    private static IEnumerable<int> CodePoints() => Enumerable.Range(0, 0x110000).Where(c => c is < 0xD800 or > 0xDFFF);

    private static string[] Names(string table) => [.. Tables.GetProperty(table).EnumerateObject().Select(p => p.Name)];

    private static ConfigNode Parse(string json) => new(JsonDocument.Parse(json).RootElement, "$");

    private static Normalizer Precompiled(string tokenizer)
    {
        var config = JsonDocument.Parse(Golden.Bytes(tokenizer, "tokenizer.json")).RootElement.GetProperty("normalizer");
        if (config.TryGetProperty("normalizers", out var steps))
            config = steps.EnumerateArray().Single(s => s.GetProperty("type").GetString() == "Precompiled");
        return Normalizer.Load(new ConfigNode(config, "$"))!;
    }
}
