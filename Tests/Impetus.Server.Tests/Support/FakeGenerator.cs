using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Impetus.Engine.Generation;

namespace Impetus.Server.Tests.Support;

/// <summary>Answers with <see cref="Reply"/>, a byte a token, unless a test tells it otherwise.</summary>
internal sealed class FakeGenerator : IGenerator
{
    public int ContextLength { get; set; } = 256;

    public int VocabularySize => 257;

    public string Reply { get; set; } = "Hello there";

    /// <summary>Replaces the usual answer.</summary>
    public Func<GenerationRequest, CancellationToken, IAsyncEnumerable<GenerationEvent>>? Script { get; set; }

    public ConcurrentQueue<GenerationRequest> Requests { get; } = [];

    public IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancel = default)
    {
        Requests.Enqueue(request);
        return (Script ?? Answer)(request, cancel);
    }

    public async IAsyncEnumerable<GenerationEvent> Answer(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        yield return new PrefillProgress(request.Prompt.Count, request.Prompt.Count);
        if (request.PromptLogprobs)
            yield return new PromptDone([.. request.Prompt.Select((id, i) => Logprob(id, i == 0 ? null : -0.5f, request))]);
        int written = 0;
        byte[] reply = Encoding.UTF8.GetBytes(Reply);
        int length = Math.Min(reply.Length, request.MaxTokens ?? int.MaxValue);
        for (int choice = 0; choice < request.Choices; choice++)
        {
            for (int i = 0; i < length; i++, written++)
                yield return new TextDelta(choice, ((char)reply[i]).ToString(), [reply[i]], request.TopLogprobs is null ? [] : [Logprob(reply[i], -0.25f, request)]);
            yield return new ChoiceDone(choice, length == reply.Length ? FinishReason.Stop : FinishReason.Length);
        }

        yield return Done(request, written);
    }

    public static RequestDone Done(GenerationRequest request, int written) => new(new()
    {
        PromptTokens = request.Prompt.Count,
        CachedTokens = 2,
        CompletionTokens = written,
        QueueMilliseconds = 1,
        PrefillMilliseconds = 20,
        DecodeMilliseconds = 50,
    });

    private static TokenLogprob Logprob(int id, float? value, GenerationRequest request) => new(
        id, value, [.. Enumerable.Range(0, request.TopLogprobs ?? 0).Select(i => new TokenAlternative('a' + i, -0.25f - i))]);
}
