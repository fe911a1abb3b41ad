namespace Impetus.MenuBar.Menu;

/// <summary>Where the measurement of the model is: one of the records below.</summary>
internal abstract record BenchmarkState
{
    private BenchmarkState()
    {
    }

    /// <summary>It can be begun.</summary>
    internal sealed record Offered : BenchmarkState;

    /// <param name="Answers">That are over.</param>
    /// <param name="Total">Of so many.</param>
    internal sealed record Running(int Answers, int Total) : BenchmarkState;

    /// <param name="Model">Its id.</param>
    /// <param name="FirstTokenMilliseconds">From a request to its first token.</param>
    /// <param name="ReadPerSecond">Tokens of prompts.</param>
    /// <param name="WrittenPerSecond">Tokens of an answer.</param>
    internal sealed record Done(string Model, double FirstTokenMilliseconds, double ReadPerSecond, double WrittenPerSecond) : BenchmarkState;
}
