using System.Runtime.InteropServices;
using Impetus.Engine.Generation;

namespace Impetus.Engine.Scheduling;

/// <summary>One answer to a request while it is written: its tokens, its memory, its sampler and its text. Engine thread only.</summary>
internal sealed class Choice(GenerationJob job, int index, TokenSampler sampler, AnswerText text) : Sequence(job)
{
    private readonly List<int> _tokens = [.. job.Request.Prompt];

    /// <summary>The request.</summary>
    public GenerationJob Job { get; } = job;

    /// <summary>Which answer, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>Chooses its tokens.</summary>
    public TokenSampler Sampler { get; } = sampler;

    /// <summary>Its text.</summary>
    public AnswerText Text { get; } = text;

    /// <summary>Its cache while it is attached.</summary>
    public SequenceMemory? Memory { get; private set; }

    /// <summary>Prompt and answer so far.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>The tokens that its cache remembers.</summary>
    public ReadOnlySpan<int> ComputedTokens => Tokens[..Computed];

    /// <summary>Whether another token is to be chosen.</summary>
    public bool WantsToken => Text.Finished is null;

    /// <summary>Whether its next token is chosen from logits on the host, or reported with them.</summary>
    public bool ReadsLogits => !Sampler.OnDevice || Job.Request.TopLogprobs is not null;

    /// <summary>Gives it a cache that remembers its first tokens.</summary>
    public void Attach(SequenceMemory memory, int computed)
    {
        Memory = memory;
        Computed = computed;
        Attached = true;
    }

    /// <summary>Takes its cache away.</summary>
    public SequenceMemory? Detach()
    {
        var memory = Memory;
        Memory = null;
        Attached = false;
        return memory;
    }

    /// <summary>Takes its next token and tells the reader.</summary>
    public void Accept(int token, TokenLogprob? logprob)
    {
        Sampler.Accept(token);
        _tokens.Add(token);
        Known++;
        bool belongs = Text.Push(token, out string text);
        if (belongs || text.Length > 0)
            Job.Emit(new TextDelta(Index, text, belongs ? [token] : [], belongs && logprob is not null ? [logprob] : []));
    }
}
