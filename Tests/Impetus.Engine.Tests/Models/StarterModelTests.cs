using System.IO.Compression;
using System.Text.Json;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Tokenization.ChatTemplates;

namespace Impetus.Engine.Tests.Models;

/// <summary>
/// The starter model, its own weights in exact mode, against mlx-lm (Fixtures/decoders/smollm2): text side, logits, greedy
/// answers, perplexity.
/// </summary>
[Trait("Weights", "real")]
public sealed class StarterModelTests : IAsyncLifetime
{
    private const float LogitTolerance = 2e-3f, LogprobTolerance = 5e-4f;

    /// <summary>Where the reference's first two tokens are closer than this, rounding may choose the other.</summary>
    internal const float SafeMargin = 1e-3f;

    private InferenceEngine _engine = null!;
    private ChatModel _model = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await InferenceEngine.StartAsync(BackendChoice.Cpu);
        _model = await ChatModel.LoadAsync(Fixture.Model("SmolLM2-135M-Instruct"), _engine);
    }

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public void Prompts_are_rendered_and_encoded_as_the_reference_does()
    {
        foreach (var prompt in Prompts())
        {
            string text = prompt.TryGetProperty("messages", out var messages)
                ? _model.Prompts.Render(new PromptRequest { Messages = messages })
                : prompt.GetProperty("prompt").GetString()!;
            if (prompt.TryGetProperty("rendered", out var rendered))
                Assert.Equal(rendered.GetString(), text);
            Assert.Equal(Ids(prompt, "prompt_ids"), _model.Tokenizer.EncodeIds(text, addSpecialTokens: false));
        }
    }

    [Fact]
    public async Task Logits_and_greedy_answers_equal_the_reference()
    {
        using var loaded = await _engine.Thread.InvokeAsync(Probe);
        foreach (var prompt in Prompts())
        {
            int[] expected = Ids(prompt, "greedy_ids");
            var steps = prompt.GetProperty("steps").EnumerateArray().ToList();
            int step = 0;
            bool certain = true;
            int[] chosen = await _engine.Thread.InvokeAsync(() => loaded.Probe.Greedy(Ids(prompt, "prompt_ids"), expected.Length, (_, logits) =>
            {
                if (certain)
                    Compare(steps[step], logits);
                certain &= steps[step++].GetProperty("margin").GetSingle() >= SafeMargin;
            }));
            int compared = steps.TakeWhile(one => one.GetProperty("margin").GetSingle() >= SafeMargin).Count();
            Assert.Equal(expected.Take(compared), chosen.Take(compared));
        }
    }

    [Fact]
    public async Task Perplexity_equals_the_reference()
    {
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Fixture.Path("decoders", "smollm2", "perplexity.json"), TestContext.Current.CancellationToken));
        var root = document.RootElement;
        int[] ids = Ids(root, "ids");
        using var loaded = await _engine.Thread.InvokeAsync(Probe);
        var logprobs = await _engine.Thread.InvokeAsync(() => loaded.Probe.Logprobs(ids));

        var expected = root.GetProperty("logprobs").EnumerateArray().ToList();
        for (int t = 1; t < ids.Length; t++)
            Assert.Equal(expected[t].GetDouble(), logprobs[t]!.Value, LogprobTolerance);
        double perplexity = Math.Exp(-logprobs.Skip(1).Average(logprob => logprob!.Value)), reference = root.GetProperty("perplexity").GetDouble();
        Assert.Equal(reference, perplexity, reference * 1e-3);
    }

    [Fact]
    public async Task Answers_through_the_scheduler_equal_the_reference_one_by_one_and_all_at_once()
    {
        var prompts = Prompts().Where(prompt => prompt.GetProperty("min_margin").GetSingle() >= SafeMargin).ToList();
        foreach (var prompt in prompts.Take(3))
            Assert.Equal(Written(prompt), await AnswerAsync(prompt));

        long steps = _model.Scheduler.Counters.Steps;
        int[][] together = await Task.WhenAll(prompts.Select(AnswerAsync));
        for (int i = 0; i < prompts.Count; i++)
            Assert.Equal(Written(prompts[i]), together[i]);
        Assert.True(_model.Scheduler.Counters.Steps - steps < together.Sum(ids => ids.Length));
    }

    [Fact]
    public async Task Eight_streams_of_sixty_four_tokens_take_at_most_eighty_steps()
    {
        long steps = _model.Scheduler.Counters.Steps;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CountAsync(new GenerationRequest
        {
            Prompt = _model.Tokenizer.EncodeIds($"Story number {i}: once upon a time", addSpecialTokens: false),
            MaxTokens = 64,
            StopAtEndOfSequence = false,
        })));

        Assert.InRange(_model.Scheduler.Counters.Steps - steps, 64, 80);
    }

    /// <summary>What the reference says of one step's logits: the likeliest tokens and the normalisation.</summary>
    internal static void Compare(JsonElement step, ReadOnlySpan<float> logits)
    {
        int[] ids = Ids(step, "top_ids");
        var values = step.GetProperty("top_logits").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        for (int i = 0; i < ids.Length; i++)
            Assert.Equal(values[i], logits[ids[i]], LogitTolerance);
        Assert.Equal(step.GetProperty("logsumexp").GetDouble(), DecoderProbe.LogSumExp(logits), LogitTolerance);
    }

    /// <summary>The reference's answer without the token that ended it, which is no part of the text.</summary>
    internal static int[] Written(JsonElement prompt)
    {
        int[] ids = Ids(prompt, "greedy_ids");
        return prompt.GetProperty("finish_reason").GetString() == "stop" ? ids[..^1] : ids;
    }

    private async Task<int[]> AnswerAsync(JsonElement prompt)
    {
        var ids = new List<int>();
        var request = new GenerationRequest { Prompt = Ids(prompt, "prompt_ids"), Sampling = new SamplingOptions { Temperature = 0 }, MaxTokens = 64 };
        await foreach (var next in _model.Scheduler.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            if (next is TextDelta delta)
                ids.AddRange(delta.Tokens);
        }

        return [.. ids];
    }

    private async Task CountAsync(GenerationRequest request)
    {
        int tokens = 0;
        await foreach (var next in _model.Scheduler.GenerateAsync(request, TestContext.Current.CancellationToken))
            tokens += next is TextDelta delta ? delta.Tokens.Count : 0;
        Assert.Equal(request.MaxTokens, tokens);
    }

    private ProbedModel Probe()
    {
        string folder = Fixture.Model("SmolLM2-135M-Instruct");
        return new ProbedModel(new LoadedDecoder(folder, new CpuBackend()), _engine);
    }

    /// <summary>The reference's prompts with its greedy answers.</summary>
    internal static List<JsonElement> Prompts()
    {
        using var file = new GZipStream(File.OpenRead(Fixture.Path("decoders", "smollm2", "prompts.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var prompts = new List<JsonElement>();
        while (reader.ReadLine() is { } line)
            prompts.Add(JsonDocument.Parse(line).RootElement.Clone());
        Assert.Equal(18, prompts.Count);
        return prompts;
    }

    internal static int[] Ids(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private sealed class ProbedModel(LoadedDecoder model, InferenceEngine engine) : IDisposable
    {
        public DecoderProbe Probe { get; } = new(model.Decoder, model.Backend);

        public void Dispose() => engine.Thread.InvokeAsync(() =>
        {
            model.Dispose();
            model.Backend.Dispose();
        }).Wait();
    }
}
