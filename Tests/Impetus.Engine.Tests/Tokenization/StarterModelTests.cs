using Impetus.Engine.Tokenization;
using Impetus.Tests;

namespace Impetus.Engine.Tests.Tokenization;

public class StarterModelTests
{
    [Fact]
    public void SmolLM2_encodes_rendered_prompts_and_decodes_its_answers_like_the_reference()
    {
        var tokenizer = HfTokenizer.Load(Fixture.Model("SmolLM2-135M-Instruct"));
        var differences = new List<string>();
        int compared = 0;
        foreach (var row in Golden.LinesOf(Fixture.Path("decoders", "smollm2", "prompts.jsonl.gz")))
        {
            string text = row.GetProperty(row.TryGetProperty("rendered", out _) ? "rendered" : "prompt").GetString()!;
            compared++;
            if (!tokenizer.EncodeIds(text, addSpecialTokens: false).SequenceEqual(row.GetProperty("prompt_ids").Ints()))
                differences.Add(text);
            if (row.TryGetProperty("greedy_text", out var answer) && tokenizer.Decode(row.GetProperty("greedy_ids").Ints(), true) != answer.GetString())
                differences.Add(answer.GetString()!);
        }
        Golden.AssertNone(differences, compared);
    }

    [Fact]
    public void MiniLM_encodes_and_truncates_texts_like_sentence_transformers()
    {
        var tokenizer = HfTokenizer.Load(Fixture.Model("all-MiniLM-L6-v2"));
        var differences = new List<string>();
        int compared = 0;
        foreach (var row in Golden.LinesOf(Fixture.Path("encoders", "minilm", "texts.jsonl")))
        {
            compared++;
            string text = row.GetProperty("text").GetString()!;
            int[] ids = row.GetProperty("ids").Ints();
            var encoded = tokenizer.EncodeTruncated(text, 256);
            if (!encoded.Encoding.Ids.SequenceEqual(ids) || encoded.FullLength != row.GetProperty("tokens_full").GetInt32())
                differences.Add($"{text}\n  expected {string.Join(' ', ids)}\n  actual   {string.Join(' ', encoded.Encoding.Ids)}");
        }
        Golden.AssertNone(differences, compared);
    }
}
