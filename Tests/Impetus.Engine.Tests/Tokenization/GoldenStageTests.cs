using System.Text.Json;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Tokenization.Decoders;
using Impetus.Engine.Tokenization.Normalizers;
using Impetus.Engine.Tokenization.PreTokenizers;
using Impetus.Engine.Tokenization.Text;

namespace Impetus.Engine.Tests.Tokenization;

/// <summary>Each stage alone, so that a wrong id can be traced to it.</summary>
public class GoldenStageTests
{
    [Fact]
    public void Every_normalizer_rewrites_like_the_reference()
    {
        var differences = new List<string>();
        int compared = 0;
        foreach (var stage in Golden.Lines("stage_normalizers.jsonl"))
        {
            var normalizer = LoadNormalizer(stage.GetProperty("normalizer"));
            foreach (var row in stage.GetProperty("cases").EnumerateArray())
            {
                compared++;
                string actual = normalizer.Normalize(AlignedText.Original(row[0].GetString()!, tracked: true)).Span.ToString();
                if (actual != row[1].GetString())
                    differences.Add($"{stage.GetProperty("name")} of {row[0].GetRawText()}\n  expected {row[1].GetRawText()}\n  actual   {JsonSerializer.Serialize(actual)}");
            }
        }
        Golden.AssertNone(differences, compared);
    }

    [Fact]
    public void Every_pre_tokenizer_cuts_like_the_reference()
    {
        var differences = new List<string>();
        int compared = 0;
        foreach (var stage in Golden.Lines("stage_pretokenizers.jsonl"))
        {
            var preTokenizer = PreTokenizer.Load(new ConfigNode(stage.GetProperty("pre_tokenizer"), "$"))!;
            foreach (var row in stage.GetProperty("cases").EnumerateArray())
            {
                compared++;
                string text = row[0].GetString()!;
                var pieces = new List<Piece>();
                if (text.Length > 0)
                    preTokenizer.Apply([new Piece(AlignedText.Original(text, tracked: true), 0, text.Length)], pieces);
                var offsets = new CodePointOffsets(text);
                string actual = string.Join(", ", pieces.Select(p => $"{JsonSerializer.Serialize(p.Span.ToString())} {offsets.Of(p.Origin)}"));
                string expected = string.Join(", ", row[1].EnumerateArray().Select(
                    p => $"{JsonSerializer.Serialize(p[0].GetString())} {new TokenOffset(p[1].GetInt32(), p[2].GetInt32())}"));
                if (actual != expected)
                    differences.Add($"{stage.GetProperty("name")} of {row[0].GetRawText()}\n  expected {expected}\n  actual   {actual}");
            }
        }
        Golden.AssertNone(differences, compared);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_decoder_joins_like_the_reference(bool streaming)
    {
        var differences = new List<string>();
        int compared = 0;
        foreach (var stage in Golden.Lines("stage_decoders.jsonl"))
        {
            var decoder = Decoder.Load(new ConfigNode(stage.GetProperty("decoder"), "$"));
            foreach (var row in stage.GetProperty("cases").EnumerateArray())
            {
                var sink = new TextSink();
                var stages = decoder.Start(streaming, sink);
                foreach (string token in row[0].Strings())
                    stages.Push(token, starts: true, ends: true);
                stages.Finish();
                string actual = sink.Take();
                // A spoiled run of bytes takes back what a stream has already shown; it cannot be streamed exactly.
                if (streaming && row[1].GetString()!.Contains('\uFFFD', StringComparison.Ordinal))
                    continue;
                compared++;
                if (actual != row[1].GetString())
                    differences.Add($"{stage.GetProperty("name")} of {row[0].GetRawText()}\n  expected {row[1].GetRawText()}\n  actual   {JsonSerializer.Serialize(actual)}");
            }
        }
        Golden.AssertNone(differences, compared);
    }

    private static Normalizer LoadNormalizer(JsonElement config)
    {
        if (config.TryGetProperty("see", out var file))
        {
            string name = file.GetString()!;
            config = JsonDocument.Parse(Golden.Bytes(name.Split('/'))).RootElement.GetProperty("normalizer");
            if (config.TryGetProperty("normalizers", out var steps))
                config = steps.EnumerateArray().Single(s => s.GetProperty("type").GetString() == "Precompiled");
        }
        return Normalizer.Load(new ConfigNode(config, "$"))!;
    }
}
