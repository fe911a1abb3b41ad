using System.Runtime.CompilerServices;
using System.Text;
using Impetus.Engine.Generation;
using Impetus.Retrieval.Answering;
using Microsoft.Extensions.AI;

namespace Impetus.Server.Documents;

/// <summary>
/// An answer that is bound to evidence: what it was made from is known before its first token, and its citations when it is complete.
/// </summary>
/// <param name="Retrieval">What it is made from.</param>
/// <param name="Evidence">Numbered.</param>
/// <param name="Ready">An answer that needs no model: a refusal, or exact passages; else null.</param>
/// <param name="Embedder">Compares sentences.</param>
internal sealed record Grounding(
    RetrievalObject Retrieval, IReadOnlyList<Evidence> Evidence, ExtractiveAnswer? Ready, IEmbeddingGenerator<string, Embedding<float>> Embedder)
{
    /// <summary>Null until the answer is complete.</summary>
    public CitationList? Citations { get; private set; }

    /// <summary>The events of an answer that needs no model.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async IAsyncEnumerable<GenerationEvent> ReadyEventsAsync()
    {
        var answer = Ready ?? throw new InvalidOperationException("A model writes this answer.");
        Citations = new([.. answer.Citations.Select(CitationObject.Of)], []);
        yield return new TextDelta(0, answer.Text, [], []);
        yield return new ChoiceDone(0, FinishReason.Stop);
        await Task.CompletedTask;
        yield return new RequestDone(new GenerationUsage
        {
            PromptTokens = 0,
            CachedTokens = 0,
            CompletionTokens = 0,
            QueueMilliseconds = 0,
            PrefillMilliseconds = 0,
            DecodeMilliseconds = 0,
        });
    }

    /// <summary>Passes a model's events on, without numbers of evidence that does not exist, and aligns the answer before its end is told.</summary>
    public async IAsyncEnumerable<GenerationEvent> FollowAsync(
        IAsyncEnumerable<GenerationEvent> events, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var markers = new CitationMarkers(Evidence.Count);
        var answer = new StringBuilder();
        await foreach (var step in events.WithCancellation(cancel))
        {
            switch (step)
            {
                case TextDelta delta:
                    string text = markers.Push(delta.Text);
                    answer.Append(text);
                    yield return delta with { Text = text };
                    break;
                case ChoiceDone done:
                    if (markers.Flush() is { Length: > 0 } rest)
                    {
                        answer.Append(rest);
                        yield return new TextDelta(done.Choice, rest, [], []);
                    }

                    var citations = await new AnswerAlignment(Embedder).AlignAsync(answer.ToString(), Evidence, cancel);
                    Citations = new([.. citations.Select(CitationObject.Of)], markers.Invented);
                    yield return done;
                    break;
                default:
                    yield return step;
                    break;
            }
        }
    }
}
