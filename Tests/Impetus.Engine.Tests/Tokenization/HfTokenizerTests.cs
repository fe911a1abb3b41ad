using System.Buffers;
using System.Text;
using Impetus.Engine.Tokenization;
using Impetus.Tests;
using Microsoft.ML.Tokenizers;

namespace Impetus.Engine.Tests.Tokenization;

public class HfTokenizerTests
{
    private static readonly HfTokenizer SmolLM2 = HfTokenizer.Load(Fixture.Model("SmolLM2-135M-Instruct"));

    [Theory]
    [InlineData("qwen2")]
    [InlineData("llama2")]
    [InlineData("bert_uncased")]
    [InlineData("unigram_t5")]
    public void Many_threads_get_what_one_gets(string name)
    {
        string[] texts = [.. Golden.Lines("texts.jsonl").Select(t => t.GetProperty("text").GetString()!)];
        var alone = Golden.Load(name);
        var expected = texts.Select(t => alone.EncodeIds(t)).ToArray();
        var shared = Golden.Load(name);
        Parallel.For(0, 8 * texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int at = i % texts.Length;
            Assert.Equal(expected[at], shared.EncodeIds(texts[at]));
            Assert.Equal(alone.Decode(expected[at], true), shared.Decode(expected[at], true));
        });
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("llama2")]
    [InlineData("bert_cased_strip_accents")]
    [InlineData("metaspace_always_split")]
    public void The_bytes_of_the_tokens_after_the_first_make_the_text(string name)
    {
        var tokenizer = Golden.Load(name);
        var ids = tokenizer.EncodeIds("where the lights shine", addSpecialTokens: false);
        var bytes = ids.Skip(1).SelectMany(id => tokenizer.TokenBytes(id).ToArray()).ToArray();
        Assert.Equal(tokenizer.Decode(ids, false)[tokenizer.Decode([ids[0]], false).Length..], Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void A_token_that_is_part_of_a_character_has_its_bytes()
    {
        var ids = SmolLM2.EncodeIds("🦩");
        Assert.True(ids.Count > 1);
        Assert.Equal("🦩"u8.ToArray(), ids.SelectMany(id => SmolLM2.TokenBytes(id).ToArray()));
    }

    [Fact]
    public void Ids_and_tokens_name_each_other()
    {
        int id = SmolLM2.TokenToId("<|im_start|>")!.Value;
        Assert.Equal("<|im_start|>", SmolLM2.IdToToken(id));
        Assert.True(SmolLM2.IsSpecial(id));
        Assert.False(SmolLM2.IsSpecial(SmolLM2.TokenToId("Ġthe")!.Value));
        Assert.Null(SmolLM2.TokenToId("no such token"));
        Assert.Null(SmolLM2.IdToToken(-1));
        Assert.Null(SmolLM2.IdToToken(SmolLM2.VocabularySize));
        Assert.Equal(49152, SmolLM2.VocabularySize);
        Assert.True(SmolLM2.TokenBytes(int.MaxValue).IsEmpty);
    }

    [Fact]
    public void Half_a_surrogate_pair_counts_as_a_replacement_character() =>
        Assert.Equal(SmolLM2.EncodeIds("a\uFFFDb\uFFFD"), SmolLM2.EncodeIds("a\uD83Db\uDE00"));

    [Fact]
    public void The_packages_contract_sees_the_same_tokenizer()
    {
        Tokenizer contract = SmolLM2;
        const string Text = "Hi 🦩, <|im_end|> there";
        Assert.Equal(SmolLM2.EncodeIds(Text), contract.EncodeToIds(Text));
        Assert.Equal(SmolLM2.EncodeIds(Text).Count, contract.CountTokens(Text));
        var tokens = contract.EncodeToTokens(Text, out _);
        Assert.Equal("<|im_end|>", Text[tokens.Single(t => t.Value == "<|im_end|>").Offset]);
        Assert.Equal(SmolLM2.EncodeIds(Text).Take(3), contract.EncodeToIds(Text, 3, out _, out _));
        Assert.Equal(Text, contract.Decode(SmolLM2.EncodeIds(Text)));
        var characters = new char[Text.Length];
        Assert.Equal(OperationStatus.Done, contract.Decode(SmolLM2.EncodeIds(Text), characters, out int consumed, out int written));
        Assert.Equal((SmolLM2.EncodeIds(Text).Count, Text.Length), (consumed, written));
        Assert.Equal(Text, new string(characters));
        Assert.Equal(OperationStatus.DestinationTooSmall, contract.Decode(SmolLM2.EncodeIds(Text), characters.AsSpan(0, 2), out _, out _));
    }
}
