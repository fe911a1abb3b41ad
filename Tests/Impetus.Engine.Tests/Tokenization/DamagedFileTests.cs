using System.Text;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Tests.Tokenization;

public class DamagedFileTests
{
    private const string Minimal =
        """{"model":{"type":"WordLevel","vocab":{"<unk>":0,"a":1},"unk_token":"<unk>"}}""";

    [Theory]
    [InlineData("", "not valid JSON at line 1")]
    [InlineData("{\"model\":", "not valid JSON at line 1")]
    [InlineData("[]", "$ is []; it should be an object")]
    [InlineData("{}", "$.model is missing; it should be an object")]
    [InlineData("""{"model":{"type":"Markov","vocab":{}}}""", "$.model.type is \"Markov\"; it should be BPE, WordPiece, Unigram or WordLevel")]
    [InlineData("""{"model":{"type":"WordLevel"}}""", "$.model.vocab is missing; it should be an object")]
    [InlineData("""{"model":{"type":"WordLevel","vocab":{"a":-1}}}""", "the token \"a\" the id -1")]
    [InlineData("""{"model":{"type":"WordLevel","vocab":{"a":1e9}}}""", "the token \"a\" the id 1e9")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":0}}}""", "\"[UNK]\", which the vocabulary does not hold")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[["a","a"]]}}""", "$.model.merges[0] needs the token \"aa\"")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["aa"]}}""", "$.model.merges[0] is \"aa\"; it should be two tokens with one space between")]
    [InlineData("""{"model":{"type":"BPE","vocab":{},"merges":[],"dropout":0.1}}""", "$.model.dropout is not 0")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a",0]],"unk_id":7}}""", "$.model.unk_id is 7, but the vocabulary holds 1")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a","x"]],"unk_id":0}}""", "$.model.vocab[0] is \"x\"; it should be a finite number")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["\ud800",0]],"unk_id":0}}""", "half of a surrogate pair")]
    public void A_damaged_model_is_refused_and_its_fault_named(string json, string fault) => AssertFault(json, fault);

    [Theory]
    [InlineData("normalizer", """{"type":"Rot13"}""", "$.normalizer.type is \"Rot13\"")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},null]}""", "$.normalizer.normalizers[1] is null")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":"AAAA"}""", "$.normalizer.precompiled_charsmap is cut short")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":"*"}""", "it should be text in base 64")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Removed"}""", "a group without ')'")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(a)\\1"},"behavior":"Removed"}""", "the escape \\1")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"\\p{Klingon}"},"behavior":"Removed"}""", "the unknown property \\p{Klingon}")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(?<=a*)b"},"behavior":"Removed"}""", "a look-behind without a fixed length")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(?(1)a|b)"},"behavior":"Removed"}""", "a pattern that this version does not know")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(?:){99999}{99999}{99999}"},"behavior":"Removed"}""", "too large")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"a"},"behavior":"Shuffled"}""", "$.pre_tokenizer.behavior is \"Shuffled\"")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":"a","behavior":"Removed"}""", "$.pre_tokenizer.pattern is \"a\"; it should be an object with String or Regex")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"ab"}""", "$.pre_tokenizer.replacement is \"ab\"; it should be a single character")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]","type_id":0}}],"pair":[],"special_tokens":{}}""", "\"[X]\", which special_tokens does not hold")]
    [InlineData("decoder", """{"type":"Scramble"}""", "$.decoder.type is \"Scramble\"")]
    [InlineData("added_tokens", """[{"id":5,"content":3}]""", "$.added_tokens[0].content is 3; it should be a string")]
    [InlineData("padding", """{"strategy":"Widest"}""", "$.padding.strategy is \"Widest\"")]
    public void A_damaged_component_is_refused_and_its_fault_named(string key, string value, string fault) =>
        AssertFault($"{Minimal[..^1]},\"{key}\":{value}}}", fault);

    [Fact]
    public void A_folder_without_a_tokenizer_says_so()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var fault = Assert.Throws<TokenizerFormatException>(() => HfTokenizer.Load(folder.FullName));
            Assert.Contains("has no tokenizer.json", fault.Message, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer.json.gz"), "not gzip");
            fault = Assert.Throws<TokenizerFormatException>(() => HfTokenizer.Load(folder.FullName));
            Assert.Contains("not a sound gzip file", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_byte_that_is_not_text_is_named_by_its_place()
    {
        byte[] json = Encoding.UTF8.GetBytes(Minimal);
        int at = Minimal.IndexOf("\"a\"", StringComparison.Ordinal) + 1;
        json[at] = 0xFE;
        var fault = Assert.Throws<TokenizerFormatException>(() => TokenizerFile.Parse(json, "tokenizer.json"));
        Assert.Equal($"tokenizer.json: byte {at + 1} is not UTF-8; the file is damaged. Download it again.", fault.Message);
    }

    [Fact]
    public void A_pattern_that_would_run_for_ever_is_given_up_with_a_message()
    {
        string json = Minimal[..^1] + ""","pre_tokenizer":{"type":"Split","pattern":{"Regex":"(?:a|aa)+$b"},"behavior":"Removed"}}""";
        var tokenizer = TokenizerFile.Parse(Encoding.UTF8.GetBytes(json), "slow");
        var fault = Assert.Throws<TokenizationException>(() => tokenizer.EncodeIds(new string('a', 200)));
        Assert.Contains("too many steps", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_without_a_token_is_refused_when_nothing_stands_for_it()
    {
        var tokenizer = TokenizerFile.Parse("""{"model":{"type":"WordLevel","vocab":{"a":1}}}"""u8.ToArray(), "bare");
        var fault = Assert.Throws<TokenizationException>(() => tokenizer.Encode("b"));
        Assert.Contains("\"b\" is not in the vocabulary", fault.Message, StringComparison.Ordinal);
    }

    private static void AssertFault(string json, string fault)
    {
        var thrown = Assert.Throws<TokenizerFormatException>(() => TokenizerFile.Parse(Encoding.UTF8.GetBytes(json), "model/tokenizer.json"));
        Assert.StartsWith("model/tokenizer.json", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }
}
