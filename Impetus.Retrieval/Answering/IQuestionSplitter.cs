namespace Impetus.Retrieval.Answering;

/// <summary>Asks a model for the simpler questions in a question. Implementations are thread-safe.</summary>
public interface IQuestionSplitter
{
    /// <summary>What the model wrote, a question a line, and how many tokens it wrote; nothing where it cannot answer now.</summary>
    /// <param name="question">The question.</param>
    /// <param name="maxTokens">At most so many tokens are written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<(string Text, int Tokens)> SplitAsync(string question, int maxTokens, CancellationToken cancellationToken);
}
