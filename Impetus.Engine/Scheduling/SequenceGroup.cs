namespace Impetus.Engine.Scheduling;

/// <summary>
/// A request as the scheduler sees it: the sequences that answer one prompt. The first that is unfinished leads: it computes
/// the prompt, and the others are forked from it.
/// </summary>
/// <param name="promptLength">Tokens of the prompt.</param>
internal class SequenceGroup(int promptLength)
{
    private readonly List<Sequence> _sequences = [];

    /// <summary>Tokens of the prompt.</summary>
    public int PromptLength { get; } = promptLength;

    /// <summary>The answers, by choice.</summary>
    public IReadOnlyList<Sequence> Sequences => _sequences;

    /// <summary>When it came: requests are numbered in their order.</summary>
    public long Arrival { get; set; }

    /// <summary>The most tokens of it in one step, where it needs a bound of its own.</summary>
    public virtual int Chunk => int.MaxValue;

    /// <summary>Tokens that it shares with a cache which is accounted for elsewhere.</summary>
    public virtual int SharedTokens => 0;

    /// <summary>The sequence that computes the prompt; null when all answers are complete.</summary>
    public Sequence? Leader
    {
        get
        {
            foreach (var sequence in Sequences)
            {
                if (!sequence.Finished)
                    return sequence;
            }

            return null;
        }
    }

    /// <summary>Answers that are not complete.</summary>
    public int Unfinished
    {
        get
        {
            int count = 0;
            foreach (var sequence in Sequences)
                count += sequence.Finished ? 0 : 1;
            return count;
        }
    }

    /// <summary>Tokens whose memory it takes when all that is known is computed: the prompt once, each answer, less what it shares.</summary>
    public int OwnTokens
    {
        get
        {
            int tokens = PromptLength - SharedTokens;
            foreach (var sequence in Sequences)
                tokens += sequence.Finished ? 0 : sequence.Known - PromptLength;
            return Math.Max(0, tokens);
        }
    }

    /// <summary>Adds an answer.</summary>
    public void Add(Sequence sequence) => _sequences.Add(sequence);
}
