using System.Text.Json;
using Impetus.Engine.Models;
using Impetus.Engine.Weights;
using Impetus.Server.Cli;
using Impetus.Tests;

namespace Impetus.Server.Tests.Cli;

/// <summary>The decoder goldens through `impetus inspect logits`, on the portable engine.</summary>
public sealed class InspectLogitsTests
{
    public static TheoryData<string> Folders => [.. Directory.EnumerateFiles(Fixture.Path("decoders"), "golden.json", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Fixture.Path("decoders"), Path.GetDirectoryName(file)!))
        .Where(name => Architectures.Known.Contains(ConfigReader.OpenFolder(Fixture.Path("decoders", name)).Text("model_type")!))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Logits_and_greedy_ids_equal_the_reference(string name)
    {
        string folder = Fixture.Path("decoders", name);
        float tolerance = JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json"))).GetProperty("suggested_logits_tolerance_abs").GetSingle();
        string transformers = Path.Combine(folder, "golden_transformers.safetensors");
        using var golden = SafetensorsFile.Open(File.Exists(transformers) ? transformers : Path.Combine(folder, "golden.safetensors"));
        int prompts = golden.Tensors.Keys.Count(key => key.EndsWith(".ids", StringComparison.Ordinal));

        var run = await CommandRun.Of(
            Enumerable.Range(0, prompts).Select(i =>
            {
                int[] ids = Ints($"prompt{i}.ids");
                return $"{{\"ids\":[{string.Join(',', ids)}],\"last\":{ids.Length},\"greedy\":{Ints($"prompt{i}.greedy").Length}}}";
            }),
            "inspect", "logits", "--model", folder);

        Assert.Equal(prompts, run.Answers.Count);
        for (int i = 0; i < prompts; i++)
        {
            Assert.Equal(Ints($"prompt{i}.greedy"), run.Answers[i].GetProperty("greedy").EnumerateArray().Select(id => id.GetInt32()));
            var actual = run.Answers[i].GetProperty("logits").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(logit => logit.GetSingle());
            Assert.All(golden.Tensors[$"prompt{i}.logits"].As<float>().ToArray().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.Equal(golden.Tensors[$"prompt{i}.logits"].As<float>().Length, actual.Count());
        }

        int[] Ints(string tensor) => golden.Tensors[tensor].As<int>().ToArray();
    }

    [Fact]
    public async Task One_position_is_told_unless_more_are_asked_for_and_the_best_come_with_their_logsumexp()
    {
        var run = await CommandRun.Of(
            ["{\"ids\":[1,2,3]}", "{\"ids\":[1,2,3],\"last\":2,\"top\":3,\"logprobs\":true}", "{\"ids\":[1,2,3],\"last\":99}"],
            "inspect", "logits", "--model", Fixture.Path("decoders", "llama"), "--backend", "cpu");

        double[] last = [.. Assert.Single(run.Answers[0].GetProperty("logits").EnumerateArray()).EnumerateArray().Select(logit => logit.GetDouble())];
        var best = run.Answers[1].GetProperty("top").EnumerateArray().Last().EnumerateArray().Select(pair => (Id: pair[0].GetInt32(), Logit: pair[1].GetDouble()));
        Assert.Equal(last.Select((logit, id) => (id, logit)).OrderByDescending(pair => pair.logit).Take(3), best);
        Assert.Equal(Math.Log(last.Sum(Math.Exp)), run.Answers[1].GetProperty("logsumexp")[1].GetDouble(), 1e-6);
        Assert.Equal(JsonValueKind.Null, run.Answers[1].GetProperty("logprobs")[0].ValueKind);
        var row = run.Answers[2].GetProperty("logits");
        Assert.Equal(3, row.GetArrayLength());
        Assert.Equal(
            row[1][3].GetDouble() - Math.Log(row[1].EnumerateArray().Sum(logit => Math.Exp(logit.GetDouble()))),
            run.Answers[1].GetProperty("logprobs")[2].GetDouble(),
            1e-6);
    }

    [Fact]
    public async Task Ids_that_the_model_cannot_take_are_an_error_of_their_line()
    {
        var run = await CommandRun.Of(
            ["{\"ids\":[]}", "{\"ids\":[256]}", "{}", "{\"ids\":[1],\"top\":0}", "{\"ids\":[1],\"greedy\":512}", "{\"ids\":[1],\"top\":1}"],
            "inspect", "logits", "--model", Fixture.Path("decoders", "llama"));

        Assert.Equal(
            [
                "There are no ids.", "Id 256 is not in the vocabulary of 256.", "ids is missing.", "top must be a whole number of at least 1.",
                "1 ids and 512 more do not fit the context of 512.",
            ],
            run.Answers.Take(5).Select(answer => answer.GetProperty("error").GetString()!));
        Assert.True(run.Answers[5].TryGetProperty("top", out _));
    }
}
