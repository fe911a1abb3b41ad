using System.Text.Json;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Tests.Tokenization;

public class GoldenLengthTests
{
    [Fact]
    public void Every_batch_is_truncated_and_padded_like_the_reference()
    {
        var tokenizers = new Dictionary<string, HfTokenizer>(StringComparer.Ordinal);
        var differences = new List<string>();
        int compared = 0;
        foreach (var row in Golden.Lines("truncation_padding.jsonl"))
        {
            string name = row.GetProperty("tokenizer").GetString()!;
            if (!tokenizers.TryGetValue(name, out var tokenizer))
                tokenizers.Add(name, tokenizer = Golden.Load(name));
            var batch = row.GetProperty("batch").EnumerateArray()
                .Select(b => (b[0].GetString()!, b.GetArrayLength() > 1 ? b[1].GetString() : null)).ToArray();
            compared++;
            string actual;
            try
            {
                actual = Show(tokenizer.EncodeBatch(batch, Truncation(row.GetProperty("truncation")), Padding(row.GetProperty("padding"))));
            }
            catch (ArgumentException)
            {
                actual = "error";
            }
            string expected = row.TryGetProperty("result", out var result) ? Show(result) : "error";
            if (actual != expected)
                differences.Add($"{row.GetProperty("truncation")} {row.GetProperty("padding")} {row.GetProperty("batch")}\n  expected {expected}\n  actual   {actual}");
        }
        Golden.AssertNone(differences, compared);
    }

    [Fact]
    public void A_text_cut_for_an_embedding_keeps_its_special_tokens_and_tells_its_full_length()
    {
        var tokenizer = Golden.Load("bert_uncased");
        string text = string.Join(' ', Enumerable.Repeat("one two three", 20));
        var whole = tokenizer.Encode(text);
        var cut = tokenizer.EncodeTruncated(text, 10);
        Assert.True(cut.IsTruncated);
        Assert.Equal(whole.Count, cut.FullLength);
        Assert.Equal([.. whole.Ids.Take(9), whole.Ids[^1]], cut.Encoding.Ids);
        Assert.Equal(whole.Count, tokenizer.EncodeTruncated(text, 1000).FullLength);
        Assert.False(tokenizer.EncodeTruncated(text, 1000).IsTruncated);
    }

    [Fact]
    public void Of_a_pair_the_longer_text_gives_way_first()
    {
        var tokenizer = Golden.Load("bert_uncased");
        string text = string.Join(' ', Enumerable.Repeat("a", 50));
        var cut = tokenizer.EncodeTruncated("a a a a", 20, pair: text);
        Assert.Equal(20, cut.Encoding.Count);
        Assert.Equal(4, cut.Encoding.SequenceIds.Count(s => s == 0));
        Assert.Equal(13, cut.Encoding.SequenceIds.Count(s => s == 1));
        Assert.Equal(57, cut.FullLength);
    }

    private static TruncationOptions? Truncation(JsonElement config) => config.ValueKind == JsonValueKind.Null ? null : new TruncationOptions(
        config.GetProperty("max_length").GetInt32(),
        config.GetProperty("stride").GetInt32(),
        Enum.Parse<TruncationStrategy>(config.GetProperty("strategy").GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
        Enum.Parse<TextSide>(config.GetProperty("direction").GetString()!, ignoreCase: true));

    private static PaddingOptions? Padding(JsonElement config) => config.ValueKind == JsonValueKind.Null ? null : new PaddingOptions(
        Number(config.GetProperty("length")),
        Number(config.GetProperty("pad_to_multiple_of")),
        Enum.Parse<TextSide>(config.GetProperty("direction").GetString()!, ignoreCase: true),
        config.GetProperty("pad_id").GetInt32(),
        config.GetProperty("pad_type_id").GetInt32(),
        config.GetProperty("pad_token").GetString()!);

    private static int? Number(JsonElement config) => config.ValueKind == JsonValueKind.Null ? null : config.GetInt32();

    private static string Show(IReadOnlyList<TokenEncoding> encodings) => string.Join(" | ", encodings.Select(e =>
        $"{Show(e.Ids)} {Show(e.TypeIds)} {Show(e.AttentionMask)} {Show(e.SpecialTokensMask)} " +
        $"{Show(e.Offsets)} {string.Join(';', e.Overflowing.Select(o => Show(o.Ids)))}"));

    private static string Show(JsonElement result) => string.Join(" | ", result.EnumerateArray().Select(e =>
        $"{Show(e.GetProperty("ids").Ints())} {Show(e.GetProperty("type_ids").Ints())} {Show(e.GetProperty("attention_mask").Ints())} " +
        $"{Show(e.GetProperty("special_tokens_mask").Ints())} {Show(e.GetProperty("offsets").Offsets())} " +
        string.Join(';', e.GetProperty("overflowing").EnumerateArray().Select(o => Show(o.Ints())))));

    private static string Show<T>(IEnumerable<T> items) => string.Join(',', items);
}
