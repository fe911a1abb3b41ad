using System.Text.Json;
using Impetus.Server.Cli;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus doctor`, `bench` and `eval`, with the starter models.</summary>
[Trait("Weights", "real")]
public sealed class LocalCommandTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_doctor_says_what_to_do_about_a_key_file_without_a_key_and_a_model_that_is_cut_short()
    {
        string model = Directory.CreateDirectory(_home.Combine("models", "org", "broken")).FullName;
        File.WriteAllText(Path.Combine(model, "config.json"), """{"model_type": "llama"}""");
        File.WriteAllBytes(Path.Combine(model, "model.safetensors"), [1, 2, 3]);
        string key = Path.Combine(Directory.CreateDirectory(_home.Combine("state")).FullName, "api-key");
        File.WriteAllText(key, "a secret with spaces");

        var run = await CommandRun.Of([], "doctor", "--json", "--home", _home.Path, "--port", "0");

        var findings = JsonElement.Parse(run.Output).EnumerateArray().ToDictionary(
            finding => finding.GetProperty("check").GetString()!, finding => finding.GetProperty("remedy").GetString());
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains("a new key is made", findings["key file"], StringComparison.Ordinal);
        Assert.Contains("install the model again", findings["model org/broken"], StringComparison.Ordinal);
        Assert.Null(findings["model HuggingFaceTB/SmolLM2-135M-Instruct"]);
        Assert.Null(findings["engine"]);
        Assert.DoesNotContain("secret", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_benchmark_tells_cold_from_warm_by_what_was_cached()
    {
        var run = await CommandRun.Of([], "bench", "--prompt", "100", "--answer", "4", "--repetitions", "2", "--warm-up", "1", "--json", "--home", _home.Path);

        var report = JsonElement.Parse(run.Output);
        Assert.Equal("[0,0]", Runs("cold", "cached_tokens"));
        Assert.NotEqual("[0,0]", Runs("warm", "cached_tokens"));
        Assert.True(report.GetProperty("cold").GetProperty("decode_tokens_per_second").GetProperty("p50").GetDouble() > 0);

        string Runs(string cache, string measure) =>
            $"[{string.Join(',', report.GetProperty(cache).GetProperty(measure).GetProperty("runs").EnumerateArray().Select(value => value.GetDouble()))}]";
    }

    [Fact]
    public async Task A_benchmark_of_embeddings_measures_each_length_and_batch_and_names_what_the_model_cannot_read()
    {
        var run = await CommandRun.Of(
            [], "bench", "embeddings", "--tokens", "8", "16", "300", "--batch", "1", "3", "--seconds", "1", "--json", "--home", _home.Path);

        var measured = JsonElement.Parse(run.Output).GetProperty("measured").EnumerateArray().ToList();
        Assert.Equal([(8, 1), (8, 3), (16, 1), (16, 3)], measured.Select(one => (one.GetProperty("tokens").GetInt32(), one.GetProperty("batch").GetInt32())));
        Assert.All(measured, one =>
        {
            double median = one.GetProperty("milliseconds").GetProperty("p50").GetDouble();
            Assert.Equal(1, one.GetProperty("texts_per_second").GetDouble() * median / (one.GetProperty("batch").GetInt32() * 1000), 0.01);
        });
        Assert.Contains("300 tokens; the model reads at most 256", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_refused_with_the_option_that_helps()
    {
        var run = await CommandRun.Of([], "embed", "--model", Fixture.Path("encoders", "bert-mean"), "--backend", "mlx");
        Assert.SkipWhen(run.ExitCode == ExitCode.Ok, "MLX is here.");
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.EndsWith("Use --backend cpu.", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judged_collection_is_measured_and_its_rankings_are_written_as_a_TREC_run()
    {
        string collection = Directory.CreateDirectory(_home.Combine("harbour")).FullName;
        File.WriteAllText(Path.Combine(collection, "corpus.jsonl"), """
            {"id":"d1","title":"","text":"The lighthouse keeper cleans the lamp every evening."}
            {"id":"d2","title":"","text":"Bread is baked before the first ferry leaves."}
            """);
        File.WriteAllText(Path.Combine(collection, "queries.jsonl"), """{"id":"q1","text":"When is the bread baked?"}""");
        File.WriteAllText(Path.Combine(collection, "qrels.tsv"), "query\tdoc\tgrade\nq1\td2\t1\n");

        var run = await CommandRun.Of([], "eval", "retrieval", "--collection", collection, "--json", "--run", _home.Combine("harbour.run"), "--home", _home.Path);

        Assert.Equal("", run.Error);
        Assert.Equal(1, JsonElement.Parse(run.Output).GetProperty("metrics").GetProperty("ndcg@10").GetDouble());
        Assert.StartsWith("q1 Q0 d2 1 ", File.ReadAllText(_home.Combine("harbour.run")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_are_asked_over_HTTP_and_answers_citations_and_refusals_are_judged()
    {
        string collection = Directory.CreateDirectory(_home.Combine("harbour")).FullName;
        File.WriteAllText(Path.Combine(collection, "corpus.jsonl"), """
            {"id":"d1","title":"The lighthouse","text":"The keeper cleans the lamp. The lamp of the lighthouse burns rapeseed oil. Fog is common in October."}
            """);
        File.WriteAllText(Path.Combine(collection, "queries.jsonl"), """
            {"id":"q1","text":"Which oil does the lamp of the lighthouse burn?"}
            {"id":"q2","text":"Who won the football championship in Brazil?"}
            """);
        File.WriteAllText(Path.Combine(collection, "answers.jsonl"), """
            {"id":"q1","kind":"answerable","doc":"d1","answers":[{"start":62,"end":70,"text":"rapeseed"}]}
            {"id":"q2","kind":"off_topic","doc":null,"answers":[]}
            """);

        var run = await CommandRun.Of([], "eval", "answers", "--collection", collection, "--sample", "1", "--json", "--home", _home.Path);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var report = JsonElement.Parse(run.Output);
        Assert.Equal(1, report.GetProperty("extract").GetProperty("holds").GetDouble());
        Assert.Equal(1, report.GetProperty("refusals").GetProperty("off_topic").GetProperty("recall").GetDouble());
        Assert.Equal(1, report.GetProperty("aligned").GetProperty("questions").GetInt32());
        Assert.True(report.GetProperty("first_token").GetProperty("warm").GetProperty("median_cached_tokens").GetDouble() > 0);
    }
}
