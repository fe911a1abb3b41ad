namespace Impetus.Engine.Scheduling;

/// <summary>
/// What a model's scheduler has done since it was made, and what it holds now. Written by the engine thread, read by any:
/// single values are atomic.
/// </summary>
public sealed class SchedulerCounters
{
    private readonly RateWindow _prompt;
    private readonly RateWindow _answer;

    internal SchedulerCounters(TimeProvider clock) => (_prompt, _answer) = (new(clock), new(clock));

    /// <summary>Steps.</summary>
    public long Steps { get; internal set; }

    /// <summary>Tokens that went through the model in steps that succeeded.</summary>
    public long ComputedTokens { get; internal set; }

    /// <summary>Tokens that were chosen, all answers together.</summary>
    public long ChosenTokens { get; internal set; }

    /// <summary>Requests that found a part of their prompt in the prefix cache.</summary>
    public long PrefixHits { get; internal set; }

    /// <summary>Tokens of prompts that were found there and not computed.</summary>
    public long PrefixTokens { get; internal set; }

    /// <summary>Times that a running request gave its memory back to older ones.</summary>
    public long Preemptions { get; internal set; }

    /// <summary>Requests that were answered.</summary>
    public long Completed { get; internal set; }

    /// <summary>Requests whose client left.</summary>
    public long Cancelled { get; internal set; }

    /// <summary>Requests that ended with an error after they were accepted.</summary>
    public long Failed { get; internal set; }

    /// <summary>Requests that run now.</summary>
    public int Running { get; internal set; }

    /// <summary>Requests that wait now, those whose memory was taken back included.</summary>
    public int Waiting { get; internal set; }

    /// <summary>Bytes of finished sequences that are kept for prompts that begin alike.</summary>
    public long PrefixBytes { get; internal set; }

    /// <summary>How many finished sequences are kept.</summary>
    public int PrefixEntries { get; internal set; }

    /// <summary>Tokens of prompts computed per second, over the last ten seconds.</summary>
    public double PromptTokensPerSecond => _prompt.PerSecond;

    /// <summary>Tokens chosen per second, all answers together, over the last ten seconds.</summary>
    public double AnswerTokensPerSecond => _answer.PerSecond;

    internal void Count(int computed, bool ofPrompt)
    {
        ComputedTokens += computed;
        if (ofPrompt)
            _prompt.Add(computed);
    }

    internal void CountChosen()
    {
        ChosenTokens++;
        _answer.Add(1);
    }
}
