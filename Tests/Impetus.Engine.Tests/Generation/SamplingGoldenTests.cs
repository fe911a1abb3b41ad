using System.IO.Compression;
using System.Text.Json;
using Impetus.Engine.Generation;

namespace Impetus.Engine.Tests.Generation;

/// <summary>The sampler against whole distributions that transformers' warpers made in double precision (Fixtures/sampling).</summary>
public sealed class SamplingGoldenTests
{
    private const double Tolerance = 1e-5;

    private static readonly List<JsonElement> Lines = ReadLines();

    public static TheoryData<string> Ids => [.. Lines.Select(line => line.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Distributions_equal_the_reference(string id)
    {
        var line = Line(id);
        var distribution = new TokenDistribution();
        foreach (var golden in line.GetProperty("cases").EnumerateArray())
        {
            var expected = golden.GetProperty("openai");
            Sampler(line, golden).Compute(Floats(line.GetProperty("logits")), distribution);

            Assert.Equal(Ints(expected.GetProperty("ids")), distribution.Ids.ToArray());
            double[] probabilities = [.. expected.GetProperty("probs").EnumerateArray().Select(p => p.GetDouble())];
            for (int i = 0; i < probabilities.Length; i++)
                Assert.Equal(probabilities[i], distribution.Probability(i), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Draws_are_the_inverse_of_the_cumulative_distribution(string id)
    {
        var line = Line(id);
        float[] logits = Floats(line.GetProperty("logits"));
        var distribution = new TokenDistribution();
        foreach (var golden in line.GetProperty("cases").EnumerateArray())
        {
            var sampler = Sampler(line, golden);
            sampler.Compute(logits, distribution);
            int[] ids = distribution.Ids.ToArray();
            double[] probabilities = [.. ids.Select((_, i) => distribution.Probability(i))];
            for (int position = 0; position < 50; position++)
            {
                float uniform = Philox.Uniform(Seed, position, 0);
                double cumulative = 0;
                int expected = ids.Where((_, i) => (cumulative += probabilities[i]) > uniform).First();
                Assert.Equal(expected, sampler.Draw(logits, position, distribution));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Penalised_logits_equal_the_reference(string id)
    {
        var line = Line(id);
        float[] logits = Floats(line.GetProperty("logits"));
        var distribution = new TokenDistribution();
        foreach (var golden in line.GetProperty("cases").EnumerateArray())
        {
            if (!golden.TryGetProperty("logits_after_penalties", out var expected))
                continue;
            double[] penalised = Sampler(line, golden).Penalised(logits, distribution).ToArray();
            foreach (var (token, value) in Ints(expected.GetProperty("ids")).Zip(expected.GetProperty("values").EnumerateArray()))
                AssertNear(value.GetDouble(), penalised[token]);
        }

        Assert.Equal(line.GetProperty("argmax").GetInt32(), TokenDistribution.Greedy([.. logits.Select(l => (double)l)]));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Log_probabilities_are_those_of_the_raw_logits(string id)
    {
        var line = Line(id);
        var sampled = line.GetProperty("sampled");
        var logprob = Logprobs.Of(Floats(line.GetProperty("logits")), sampled.GetProperty("id").GetInt32(), Logprobs.MostAlternatives);

        AssertNear(sampled.GetProperty("logprob").GetDouble(), logprob.Logprob!.Value);
        var top = line.GetProperty("top_logprobs").EnumerateArray().ToList();
        Assert.Equal(top.Select(t => t.GetProperty("id").GetInt32()), logprob.Top.Select(t => t.Token));
        foreach (var (expected, actual) in top.Zip(logprob.Top))
            AssertNear(expected.GetProperty("logprob").GetDouble(), actual.Logprob);
    }

    [Fact]
    public void Ties_go_to_the_lower_id()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Fixture.Path("sampling", "ties.json")));
        var ties = file.RootElement;
        var distribution = new TokenDistribution();
        var sampler = new TokenSampler(new SamplingOptions { TopK = 2 }, Seed, 0, []);
        sampler.Compute(Floats(ties.GetProperty("logits")), distribution);
        Assert.Equal(Ints(ties.GetProperty("top_k_2").GetProperty("llama_cpp_and_recommended")), distribution.Ids.ToArray());

        var greedy = new TokenSampler(new SamplingOptions { Temperature = 0 }, Seed, 0, []);
        var tie = ties.GetProperty("greedy_tie");
        Assert.Equal(tie.GetProperty("argmax").GetInt32(), greedy.Draw(Floats(tie.GetProperty("logits")), 0, distribution));
    }

    private const ulong Seed = 42;

    /// <summary>Logits can be large, and the options are single precision: relative beyond 1.</summary>
    private static void AssertNear(double expected, double actual) =>
        Assert.Equal(expected, actual, Tolerance * Math.Max(1, Math.Abs(expected)));

    private static TokenSampler Sampler(JsonElement line, JsonElement golden)
    {
        var sampler = new TokenSampler(Options(golden.GetProperty("params")), Seed, 0, Ints(line.GetProperty("prompt_ids")));
        foreach (int token in Ints(line.GetProperty("generated_ids")))
            sampler.Accept(token);
        return sampler;
    }

    private static SamplingOptions Options(JsonElement parameters)
    {
        var options = new SamplingOptions();
        foreach (var parameter in parameters.EnumerateObject())
        {
            options = parameter.Name switch
            {
                "temperature" => options with { Temperature = parameter.Value.GetSingle() },
                "top_k" => options with { TopK = parameter.Value.GetInt32() },
                "top_p" => options with { TopP = parameter.Value.GetSingle() },
                "min_p" => options with { MinP = parameter.Value.GetSingle() },
                "typical_p" => options with { TypicalP = parameter.Value.GetSingle() },
                "repetition_penalty" => options with { RepetitionPenalty = parameter.Value.GetSingle() },
                "frequency_penalty" => options with { FrequencyPenalty = parameter.Value.GetSingle() },
                "presence_penalty" => options with { PresencePenalty = parameter.Value.GetSingle() },
                "logit_bias" => options with
                {
                    LogitBias = parameter.Value.EnumerateObject().ToDictionary(
                        bias => int.Parse(bias.Name), bias => bias.Value.GetSingle()),
                },
                _ => throw new InvalidDataException($"The fixture has a parameter {parameter.Name} that the sampler lacks."),
            };
        }

        return options;
    }

    private static List<JsonElement> ReadLines()
    {
        using var file = new StreamReader(new GZipStream(
            File.OpenRead(Fixture.Path("sampling", "sampling.jsonl.gz")), CompressionMode.Decompress));
        var lines = new List<JsonElement>();
        while (file.ReadLine() is { } line)
            lines.Add(JsonElement.Parse(line));
        return lines;
    }

    private static JsonElement Line(string id) => Lines.Single(line => line.GetProperty("id").GetString() == id);

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetSingle())];
}
