using System.Text;
using Impetus.Engine.Generation;

namespace Impetus.Server.OpenAi;

/// <summary>All events of a generation, gathered.</summary>
internal sealed class CollectedAnswer(int choices)
{
    public IReadOnlyList<Choice> Choices { get; } = [.. Enumerable.Range(0, choices).Select(index => new Choice(index))];

    public GenerationUsage Usage { get; private set; } = null!;

    public static async Task<CollectedAnswer> FromAsync(IAsyncEnumerable<GenerationEvent> events, int choices)
    {
        var answer = new CollectedAnswer(choices);
        await foreach (var step in events)
            answer.Add(step);
        return answer;
    }

    private void Add(GenerationEvent step)
    {
        switch (step)
        {
            case TextDelta delta:
                Choices[delta.Choice].Text.Append(delta.Text);
                Choices[delta.Choice].Logprobs.AddRange(delta.Logprobs);
                break;
            case ChoiceDone done:
                Choices[done.Choice].Reason = done.Reason;
                break;
            case RequestDone done:
                Usage = done.Usage;
                break;
        }
    }

    internal sealed class Choice(int index)
    {
        public int Index { get; } = index;

        public StringBuilder Text { get; } = new();

        public List<TokenLogprob> Logprobs { get; } = [];

        public FinishReason Reason { get; set; }
    }
}
