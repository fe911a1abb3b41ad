namespace Impetus.Retrieval.Searching;

/// <summary>Scores passages against a question with a model that reads both together. Implementations are thread-safe.</summary>
public interface IReranker
{
    /// <summary>One score a passage, in the order of <paramref name="passages"/>; higher is better.</summary>
    Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> passages, CancellationToken cancellationToken);
}
