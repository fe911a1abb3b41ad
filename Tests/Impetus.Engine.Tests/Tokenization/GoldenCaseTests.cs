using System.Text.Json;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Tests.Tokenization;

public class GoldenCaseTests
{
    [Theory]
    [MemberData(nameof(Golden.Tokenizers), MemberType = typeof(Golden))]
    public void Every_text_has_the_ids_tokens_offsets_and_decodings_of_the_reference(string name)
    {
        var tokenizer = Golden.Load(name);
        var truncation = name.EndsWith("_trunc_pad", StringComparison.Ordinal) ? tokenizer.FileTruncation : null;
        var padding = truncation is null ? null : tokenizer.FilePadding;
        var differences = new List<string>();
        int compared = 0;
        foreach (var row in Golden.Lines(name, "cases.jsonl"))
        {
            compared++;
            string text = row.GetProperty("text").GetString()!;
            var encoding = tokenizer.EncodeBatch([(text, null)], truncation, padding)[0];
            int[] ids = row.GetProperty("ids").Ints();
            Compare("ids", ids, encoding.Ids);
            Compare("tokens", row.GetProperty("tokens").Strings(), encoding.Tokens);
            Compare("offsets", row.GetProperty("offsets").Offsets(), encoding.Offsets);
            var plain = tokenizer.EncodeBatch([(text, null)], truncation, padding, addSpecialTokens: false)[0];
            Compare("ids_without_special", row.GetProperty("ids_without_special").Ints(), plain.Ids);
            Compare("decoded", [row.GetProperty("decoded").GetString()!], [tokenizer.Decode(ids, false)]);
            Compare("decoded_skip_special", [row.GetProperty("decoded_skip_special").GetString()!], [tokenizer.Decode(ids, true)]);
            if (truncation is null)
            {
                Compare("fast ids", ids, tokenizer.EncodeIds(text));
                Compare("fast ids_without_special", row.GetProperty("ids_without_special").Ints(), tokenizer.EncodeIds(text, false));
            }

            void Compare<T>(string what, IReadOnlyList<T> expected, IReadOnlyList<T> actual)
            {
                if (!expected.SequenceEqual(actual))
                    differences.Add($"{what} of {row.GetProperty("text").GetRawText()}\n  expected {Show(expected)}\n  actual   {Show(actual)}");
            }
        }
        Golden.AssertNone(differences, compared);
    }

    [Theory]
    [MemberData(nameof(Golden.Tokenizers), MemberType = typeof(Golden))]
    public void Every_pair_is_encoded_like_the_reference(string name)
    {
        var tokenizer = Golden.Load(name);
        var truncation = name.EndsWith("_trunc_pad", StringComparison.Ordinal) ? tokenizer.FileTruncation : null;
        var padding = truncation is null ? null : tokenizer.FilePadding;
        var differences = new List<string>();
        int compared = 0;
        foreach (var row in Golden.Lines(name, "pairs.jsonl"))
        {
            compared++;
            var encoding = tokenizer.EncodeBatch([(row.GetProperty("a").GetString()!, row.GetProperty("b").GetString()!)], truncation, padding)[0];
            int?[] sequenceIds = [.. row.GetProperty("sequence_ids").EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? (int?)null : e.GetInt32())];
            Compare("ids", row.GetProperty("ids").Ints(), encoding.Ids);
            Compare("type_ids", row.GetProperty("type_ids").Ints(), encoding.TypeIds);
            Compare("tokens", row.GetProperty("tokens").Strings(), encoding.Tokens);
            Compare("offsets", row.GetProperty("offsets").Offsets(), encoding.Offsets);
            Compare("special_tokens_mask", row.GetProperty("special_tokens_mask").Ints(), encoding.SpecialTokensMask);
            Compare("attention_mask", row.GetProperty("attention_mask").Ints(), encoding.AttentionMask);
            Compare("sequence_ids", sequenceIds, encoding.SequenceIds);
            Compare("decoded", [row.GetProperty("decoded_skip_special").GetString()!], [tokenizer.Decode(encoding.Ids, true)]);

            void Compare<T>(string what, IReadOnlyList<T> expected, IReadOnlyList<T> actual)
            {
                if (!expected.SequenceEqual(actual))
                    differences.Add($"{what} of {row.GetProperty("a").GetRawText()} and {row.GetProperty("b").GetRawText()}\n  expected {Show(expected)}\n  actual   {Show(actual)}");
            }
        }
        Golden.AssertNone(differences, compared);
    }

    [Theory]
    [MemberData(nameof(Golden.Tokenizers), MemberType = typeof(Golden))]
    public void Streamed_text_never_changes_and_ends_at_the_decoded_text(string name)
    {
        var tokenizer = Golden.Load(name);
        var differences = new List<string>();
        int compared = 0;
        foreach (var row in Golden.Lines(name, "streaming.jsonl"))
        {
            compared++;
            string final = row.GetProperty("final").GetString()!;
            bool skip = row.GetProperty("skip_special_tokens").GetBoolean();
            int[] ids = row.GetProperty("ids").Ints();
            var detokenizer = tokenizer.StartDetokenizer(skip);
            string text = "";
            foreach (int id in ids)
            {
                text += detokenizer.Push(id);
                if (!final.StartsWith(text, StringComparison.Ordinal))
                    break;
            }
            string flushed = text + detokenizer.Flush();
            if (flushed != final || tokenizer.Decode(ids, skip) != final)
                differences.Add($"{row.GetProperty("ids").GetRawText()}\n  expected {final}\n  streamed {flushed}\n  decoded  {tokenizer.Decode(ids, skip)}");
        }
        Golden.AssertNone(differences, compared);
    }

    private static string Show<T>(IEnumerable<T> items) => string.Join(' ', items.Select(i => JsonSerializer.Serialize($"{i}")));
}
