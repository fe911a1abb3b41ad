using Impetus.Engine.Backends;
using Impetus.Engine.Embedding;
using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>The starter's chat model and an embedder, resident together on one engine. Figures are steps, not seconds.</summary>
[Trait("Weights", "real")]
public sealed class ChatBesideEmbeddingTests
{
    private const int AnswerTokens = 24;
    private const int Texts = 10_000;

    [Fact]
    public async Task A_bulk_of_ten_thousand_texts_costs_a_chat_at_most_one_step_a_token()
    {
        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Cpu);
        await using var chat = await ChatModel.LoadAsync(Fixture.Model("SmolLM2-135M-Instruct"), engine);
        await using var embedder = await Embedder.LoadAsync(Fixture.Path("encoders", "bert-mean"), engine.Backend, engine.Thread);
        var request = new GenerationRequest
        {
            Prompt = chat.Tokenizer.EncodeIds("Once upon a time"),
            MaxTokens = AnswerTokens,
            Sampling = new SamplingOptions { Temperature = 0 },
            StopAtEndOfSequence = false,
        };
        string alone = await AnswerAsync(chat, request);
        var watch = new StepWatch(engine, chat.Scheduler);
        engine.Thread.Add(watch);

        var bulk = embedder.EmbedAsync([.. Enumerable.Repeat("The harbour office publishes its figures two days late.", Texts)]);
        string beside = await AnswerAsync(chat, request);

        Assert.False(bulk.IsCompleted, "The bulk was too small to tell.");
        Assert.Equal(alone, beside);
        Assert.Equal(Texts, (await bulk).Count);
        await engine.Thread.RemoveAsync(watch);
        Assert.InRange(watch.ChatSteps, AnswerTokens, AnswerTokens + 1);
        Assert.Equal(1, watch.LongestWait);
    }

    /// <summary>Counts, on the engine thread, how many steps of embedding lie between two of the chat.</summary>
    private sealed class StepWatch(InferenceEngine engine, DecoderScheduler chat) : IStepSource
    {
        private readonly long _first = chat.Counters.Steps;
        private long _lastChat = chat.Counters.Steps;
        private long _embeddingThen;

        public long ChatSteps => _lastChat - _first;

        public long LongestWait { get; private set; }

        public bool HasWork => true;

        public void Step()
        {
            long chatSteps = chat.Counters.Steps, embeddingSteps = engine.Backend.Counters.Steps - chatSteps;
            if (chatSteps == _lastChat)
                return;
            // What lay before the first step of the chat was no wait.
            if (ChatSteps > 0)
                LongestWait = Math.Max(LongestWait, embeddingSteps - _embeddingThen);
            (_lastChat, _embeddingThen) = (chatSteps, embeddingSteps);
        }

        public void Fail(Exception fault) => throw fault;
    }

    private static async Task<string> AnswerAsync(ChatModel chat, GenerationRequest request)
    {
        string text = "";
        await foreach (var step in chat.Scheduler.GenerateAsync(request))
        {
            if (step is TextDelta delta)
                text += delta.Text;
        }

        return text;
    }
}
