using System.Threading.Channels;
using Impetus.Engine.Generation;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// A request on its way through the scheduler, and the channel to its reader. The engine thread writes and never waits: what
/// a slow reader has not taken is bounded by the request's own token limit.
/// </summary>
internal sealed class GenerationJob : SequenceGroup
{
    /// <summary>Rows of logits that are copied to the host at once for the log-probabilities of a prompt.</summary>
    private const int PromptLogprobRows = 64;

    private readonly Channel<GenerationEvent> _events =
        Channel.CreateUnbounded<GenerationEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly TimeProvider _clock;
    private readonly long _submitted;
    private SequenceMemory? _source;
    private int _shared;
    private long? _admitted, _promptDone;
    private long _lastToken;
    private volatile bool _cancelled;

    /// <summary>A checked request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The most tokens of an answer.</param>
    /// <param name="ends">Tokens that end an answer.</param>
    /// <param name="tokenizer">Turns answers into text; null: they stay tokens.</param>
    /// <param name="clock">Measures its times.</param>
    public GenerationJob(
        GenerationRequest request, int limit, IReadOnlySet<int> ends, HfTokenizer? tokenizer, TimeProvider clock)
        : base(request.Prompt.Count)
    {
        Request = request;
        _clock = clock;
        _submitted = clock.GetTimestamp();
        ulong seed = request.Sampling.Seed ?? (ulong)Random.Shared.NextInt64();
        for (int i = 0; i < request.Choices; i++)
        {
            var sampler = new TokenSampler(request.Sampling, seed, i, request.Prompt);
            var detokenizer = tokenizer?.StartDetokenizer(skipSpecialTokens: !request.ShowSpecialTokens);
            Add(new Choice(this, i, sampler, new AnswerText(detokenizer, request.Stop, ends, limit)));
        }
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>What happened so far, for the reader.</summary>
    public ChannelReader<GenerationEvent> Events => _events.Reader;

    /// <summary>Whether its reader has left. Set by any thread.</summary>
    public bool Cancelled => _cancelled;

    /// <summary>Whether the prompt was computed and reported.</summary>
    public bool PromptDone => _promptDone is not null;

    /// <summary>Whether it was admitted before: one that comes back was preempted.</summary>
    public bool Started => _admitted is not null;

    /// <summary>Whether it was answered, cancelled or failed.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the logits of its prompt's tokens are still to be reported.</summary>
    public bool WantsPromptLogprobs => Request.PromptLogprobs && !PromptDone;

    /// <summary>Log-probabilities of the prompt so far.</summary>
    public List<TokenLogprob> PromptLogprobs { get; } = [];

    /// <summary>Tokens of the prompt that were not computed when it was first admitted.</summary>
    public int CachedTokens { get; private set; }

    /// <inheritdoc/>
    public override int Chunk => WantsPromptLogprobs ? PromptLogprobRows : int.MaxValue;

    /// <inheritdoc/>
    public override int SharedTokens => _source is { Held: true } ? _shared : 0;

    /// <summary>The reader has left: its sequences end before the next step. Thread safe.</summary>
    public void Cancel() => _cancelled = true;

    /// <summary>It leaves the queue, with the first tokens of its leader found in another memory.</summary>
    public void Admit(SequenceMemory? source, int shared)
    {
        (_source, _shared) = (source, shared);
        if (Started)
            return;
        _admitted = _clock.GetTimestamp();
        CachedTokens = shared;
    }

    /// <summary>The prompt was computed.</summary>
    public void CompletePrompt()
    {
        _promptDone = _lastToken = _clock.GetTimestamp();
        Emit(new PromptDone([.. PromptLogprobs]));
    }

    /// <summary>A token was chosen.</summary>
    public void CountToken() => _lastToken = _clock.GetTimestamp();

    /// <summary>Tells the reader something.</summary>
    public void Emit(GenerationEvent what) => _events.Writer.TryWrite(what);

    /// <summary>All answers are complete: tells the reader what they took.</summary>
    public void EmitUsage() =>
        Emit(new RequestDone(new GenerationUsage
        {
            PromptTokens = PromptLength,
            CachedTokens = CachedTokens,
            CompletionTokens = Sequences.Sum(sequence => ((Choice)sequence).Text.Count),
            QueueMilliseconds = _clock.GetElapsedTime(_submitted, _admitted!.Value).TotalMilliseconds,
            PrefillMilliseconds = _clock.GetElapsedTime(_admitted.Value, _promptDone!.Value).TotalMilliseconds,
            DecodeMilliseconds = _clock.GetElapsedTime(_promptDone.Value, _lastToken).TotalMilliseconds,
        }));

    /// <summary>Nothing more will happen: it is complete, or ends with an error.</summary>
    public void End(Exception? error)
    {
        Ended = true;
        _events.Writer.TryComplete(error);
    }
}
