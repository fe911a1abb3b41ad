namespace Impetus.Engine.Embedding;

/// <summary>The sequences of one request in an <see cref="EmbeddingQueue"/>: which are computed, which still wait.</summary>
internal sealed class EmbeddingRequest(IReadOnlyList<TokenSequence> sequences, CancellationToken cancel)
{
    private readonly TaskCompletionSource<float[][]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[][] _vectors = new float[sequences.Count][];
    private int _taken, _computed;

    /// <summary>A sequence that goes into a step.</summary>
    public readonly record struct Part(EmbeddingRequest Request, int Index, TokenSequence Sequence);

    /// <summary>A vector for each sequence, in their order, when all are computed.</summary>
    public Task<float[][]> Result => _done.Task;

    /// <summary>Tokens of all sequences that wait.</summary>
    public long WaitingTokens { get; private set; } = sequences.Sum(sequence => (long)sequence.Ids.Length);

    /// <summary>Tokens of the next sequence.</summary>
    public int NextLength => sequences[_taken].Ids.Length;

    /// <summary>Takes the next sequence.</summary>
    public Part Take()
    {
        var part = new Part(this, _taken, sequences[_taken]);
        WaitingTokens -= NextLength;
        _taken++;
        return part;
    }

    /// <summary>Sets the vector of a sequence.</summary>
    public void Complete(int index, float[] vector)
    {
        _vectors[index] = vector;
        if (++_computed == _vectors.Length)
            _done.TrySetResult(_vectors);
    }

    /// <summary>Ends the request as cancelled if it was.</summary>
    /// <returns>Whether it was.</returns>
    public bool EndIfCancelled() => cancel.IsCancellationRequested && (_done.TrySetCanceled(cancel) || true);

    /// <summary>Ends the request with an error.</summary>
    public void End(EmbeddingException fault) => _done.TrySetException(fault);
}
