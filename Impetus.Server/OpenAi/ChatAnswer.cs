using Impetus.Engine.Generation;
using Impetus.Server.Documents;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Writes what a model generates in the shape of the chat route, whole or in parts.</summary>
internal sealed class ChatAnswer(ChatRequest request, Grounding? grounding, DateTimeOffset now) : IAnswerWriter
{
    private readonly string _id = AnswerId.New("chatcmpl");
    private readonly long _created = now.ToUnixTimeSeconds();
    private readonly int _choices = request.Generation.Choices;
    private readonly IChatModel _model = request.Model;

    /// <summary>The whole answer.</summary>
    public async Task<ChatCompletion> CollectAsync(IAsyncEnumerable<GenerationEvent> events)
    {
        var answer = await CollectedAnswer.FromAsync(events, _choices);
        return new(
            _id,
            "chat.completion",
            _created,
            _model.Id,
            AnswerId.Fingerprint,
            [.. answer.Choices.Select(Choice)],
            Usage.Of(answer.Usage),
            Timings.Of(answer.Usage, _choices),
            grounding?.Retrieval,
            grounding?.Citations?.Citations,
            grounding?.Citations?.RemovedNumbers);
    }

    private ChatChoice Choice(CollectedAnswer.Choice choice) => new(
        choice.Index, new("assistant", choice.Text.ToString()), Logprobs(choice.Logprobs), choice.Reason.OnTheWire());

    public void Open(EventStream output)
    {
        for (int choice = 0; choice < _choices; choice++)
            Write(output, new ChunkChoice(choice, new("assistant", ""), null, null), retrieval: grounding?.Retrieval);
    }

    public void Part(EventStream output, TextDelta delta)
    {
        if (delta.Text.Length > 0 || delta.Logprobs.Count > 0)
            Write(output, new ChunkChoice(delta.Choice, new(null, delta.Text), Logprobs(delta.Logprobs), null));
    }

    public void End(EventStream output, ChoiceDone done, Timings? timings) =>
        Write(output, new ChunkChoice(done.Choice, new(null, null), null, done.Reason.OnTheWire()), timings, citations: grounding?.Citations);

    public void Total(EventStream output, RequestDone done) => output.Write(
        new ChatChunkWithUsage(Chunk([], Timings.Of(done.Usage, _choices)), Usage.Of(done.Usage)), OpenAiJson.Wire.ChatChunkWithUsage);

    private void Write(
        EventStream output, ChunkChoice choice, Timings? timings = null, RetrievalObject? retrieval = null, CitationList? citations = null)
    {
        var chunk = Chunk([choice], timings) with
        {
            Retrieval = retrieval,
            Citations = citations?.Citations,
            RemovedNumbers = citations?.RemovedNumbers,
        };
        if (request.IncludeUsage)
            output.Write(new ChatChunkWithUsage(chunk, null), OpenAiJson.Wire.ChatChunkWithUsage);
        else
            output.Write(chunk, OpenAiJson.Wire.ChatChunk);
    }

    private ChatChunk Chunk(IReadOnlyList<ChunkChoice> choices, Timings? timings) =>
        new(_id, "chat.completion.chunk", _created, _model.Id, AnswerId.Fingerprint, choices, timings);

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
}
