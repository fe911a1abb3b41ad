namespace Impetus.Engine.Backends;

/// <summary>
/// The decode loop of one sequence of a plain Llama, written against a native library with nothing between: what our own loop is
/// measured against. Engine thread only.
/// </summary>
internal interface IBareLoop : IDisposable
{
    /// <summary>Calls into the library that made the last step's graph.</summary>
    int Operations { get; }

    /// <summary>Starts to compute a prompt.</summary>
    void Begin(ReadOnlySpan<int> prompt);

    /// <summary>Lays out the next step on the token of the one that was started.</summary>
    void Follow();

    /// <summary>Waits for the token of the step that was started.</summary>
    int Read();

    /// <summary>Starts the step that was laid out.</summary>
    void Start();
}

/// <summary>The sizes of a plain Llama.</summary>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">KV heads.</param>
/// <param name="HeadWidth">Features of a head.</param>
/// <param name="Epsilon">Of the norms.</param>
/// <param name="Periods">(HeadWidth / 2): positions per radian.</param>
/// <param name="TiedHead">Whether the head is the embedding.</param>
/// <param name="Capacity">Tokens that prompt and answer may have.</param>
internal sealed record BareLlama(
    int Layers, int Heads, int KeyHeads, int HeadWidth, float Epsilon, IReadOnlyList<float> Periods, bool TiedHead, int Capacity);
