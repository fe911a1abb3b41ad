using Impetus.Engine.Generation;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Writes what a model generates in the shape of the completions route, whole or in parts.</summary>
internal sealed class CompletionAnswer(CompletionRequest request, DateTimeOffset now) : IAnswerWriter
{
    private readonly string _id = AnswerId.New("cmpl");
    private readonly long _created = now.ToUnixTimeSeconds();
    private readonly int[] _offsets = new int[request.Choices];
    private readonly IChatModel _model = request.Model;

    /// <summary>The whole answer.</summary>
    public async Task<TextCompletion> CollectAsync(IAsyncEnumerable<GenerationEvent> events)
    {
        var answer = await CollectedAnswer.FromAsync(events, request.Choices);
        var choices = answer.Choices.Select(c =>
            new TextChoice(c.Text.ToString(), c.Index, Logprobs(c.Index, c.Logprobs), c.Reason.OnTheWire()));
        return new(Chunk([.. choices], Timings.Of(answer.Usage, request.Choices)), Usage.Of(answer.Usage));
    }

    public void Open(EventStream output)
    {
    }

    public void Part(EventStream output, TextDelta delta)
    {
        if (delta.Text.Length > 0 || delta.Logprobs.Count > 0)
            Write(output, new TextChoice(delta.Text, delta.Choice, Logprobs(delta.Choice, delta.Logprobs), null));
    }

    public void End(EventStream output, ChoiceDone done, Timings? timings) =>
        Write(output, new TextChoice("", done.Choice, null, done.Reason.OnTheWire()), timings);

    public void Total(EventStream output, RequestDone done) => output.Write(
        new TextCompletion(Chunk([], Timings.Of(done.Usage, request.Choices)), Usage.Of(done.Usage)), OpenAiJson.Wire.TextCompletion);

    private void Write(EventStream output, TextChoice choice, Timings? timings = null)
    {
        var chunk = Chunk([choice], timings);
        if (request.IncludeUsage)
            output.Write(new TextCompletion(chunk, null), OpenAiJson.Wire.TextCompletion);
        else
            output.Write(chunk, OpenAiJson.Wire.TextChunk);
    }

    private TextChunk Chunk(IReadOnlyList<TextChoice> choices, Timings? timings) =>
        new(_id, "text_completion", _created, _model.Id, AnswerId.Fingerprint, choices, timings);

    private TextLogprobs? Logprobs(int choice, IReadOnlyList<TokenLogprob> logprobs)
    {
        if (request.Prompts[0].Generation.TopLogprobs is null)
            return null;
        var offsets = new int[logprobs.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = _offsets[choice];
            _offsets[choice] += TokenText.Characters(_model.TokenBytes(logprobs[i].Token).Span);
        }

        return new(
            [.. logprobs.Select(l => Text(l.Token))],
            [.. logprobs.Select(l => (double?)l.Logprob)],
            [.. logprobs.Select(Top)],
            offsets);
    }

    private Dictionary<string, double>? Top(TokenLogprob logprob)
    {
        if (logprob.Logprob is not { } own)
            return null;
        var top = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var alternative in logprob.Top)
            top.TryAdd(Text(alternative.Token), alternative.Logprob);
        top.TryAdd(Text(logprob.Token), own);
        return top;
    }

    private string Text(int token) => TokenText.Marked(_model.TokenBytes(token).Span);
}
