using System.Text;
using Impetus.Engine.Generation;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Gathers the events of a generation into OpenAI's objects: one answer, or the parts of one.</summary>
internal sealed class ChatAnswer(ChatRequest request, DateTimeOffset now)
{
    private readonly string _id = AnswerId.New("chatcmpl");
    private readonly long _created = now.ToUnixTimeSeconds();
    private readonly IChatModel _model = request.Model;

    /// <summary>The whole answer.</summary>
    public async Task<ChatCompletion> CollectAsync(IAsyncEnumerable<GenerationEvent> events)
    {
        var choices = Enumerable.Range(0, request.Generation.Choices).Select(_ => new Choice()).ToArray();
        GenerationUsage? usage = null;
        await foreach (var step in events)
        {
            switch (step)
            {
                case TextDelta delta:
                    choices[delta.Choice].Text.Append(delta.Text);
                    choices[delta.Choice].Logprobs.AddRange(delta.Logprobs);
                    break;
                case ChoiceDone done:
                    choices[done.Choice].Reason = done.Reason;
                    break;
                case RequestDone done:
                    usage = done.Usage;
                    break;
            }
        }

        return new(
            _id,
            "chat.completion",
            _created,
            _model.Id,
            AnswerId.Fingerprint,
            [.. choices.Select((c, i) => new ChatChoice(i, new("assistant", c.Text.ToString()), Logprobs(c.Logprobs), c.Reason.OnTheWire()))],
            Usage.Of(usage!),
            Timings.Of(usage!, choices.Length));
    }

    /// <summary>The first parts, which say who speaks.</summary>
    public IEnumerable<ChatChunk> Opening() =>
        Enumerable.Range(0, request.Generation.Choices).Select(i => Chunk(new ChunkChoice(i, new("assistant", ""), null, null)));

    /// <summary>More text; null if there is nothing to tell.</summary>
    public ChatChunk? Part(TextDelta delta) => delta.Text.Length == 0 && delta.Logprobs.Count == 0
        ? null
        : Chunk(new ChunkChoice(delta.Choice, new(null, delta.Text), Logprobs(delta.Logprobs), null));

    /// <summary>The last part of a choice.</summary>
    public ChatChunk End(ChoiceDone done) => Chunk(new ChunkChoice(done.Choice, new(null, null), null, done.Reason.OnTheWire()));

    /// <summary>The event after all choices, if the usage was asked for.</summary>
    public ChatChunk Total(RequestDone done) => new ChatChunkWithUsage(
        Chunk() with { Timings = Timings.Of(done.Usage, request.Generation.Choices) }, Usage.Of(done.Usage));

    private ChatChunk Chunk(params IReadOnlyList<ChunkChoice> choices)
    {
        var chunk = new ChatChunk(_id, "chat.completion.chunk", _created, _model.Id, AnswerId.Fingerprint, choices, null);
        return request.IncludeUsage ? new ChatChunkWithUsage(chunk, null) : chunk;
    }

    private ChatLogprobs? Logprobs(IReadOnlyList<TokenLogprob> logprobs) =>
        request.Generation.TopLogprobs is null ? null : new([.. logprobs.Select(Logprob)]);

    private ChatTokenLogprob Logprob(TokenLogprob logprob)
    {
        byte[] bytes = _model.TokenBytes(logprob.Token).ToArray();
        return new(TokenText.Of(bytes), logprob.Logprob ?? 0, Numbers(bytes), [.. logprob.Top.Select(Alternative)]);
    }

    private ChatTopLogprob Alternative(TokenAlternative alternative)
    {
        byte[] bytes = _model.TokenBytes(alternative.Token).ToArray();
        return new(TokenText.Of(bytes), alternative.Logprob, Numbers(bytes));
    }

    private static IReadOnlyList<int> Numbers(byte[] bytes) => [.. bytes.Select(b => (int)b)];

    private sealed class Choice
    {
        public StringBuilder Text { get; } = new();

        public List<TokenLogprob> Logprobs { get; } = [];

        public FinishReason Reason { get; set; }
    }
}
