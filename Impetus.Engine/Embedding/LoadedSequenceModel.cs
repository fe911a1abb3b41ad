using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>
/// A model on the engine thread with its queue: what an embedder and a reranker have in common. Thread safe.
/// </summary>
internal sealed class LoadedSequenceModel : IFaultSource, IAsyncDisposable
{
    private readonly EngineThread _thread;
    private readonly ISequenceModel _model;
    private readonly EmbeddingQueue _queue;
    private bool _disposed;

    private LoadedSequenceModel(EngineThread thread, IBackend backend, ISequenceModel model, long weightBytes)
    {
        (_thread, _model, WeightBytes) = (thread, model, weightBytes);
        _queue = new EmbeddingQueue(model, backend, thread.Wake);
        thread.Add(_queue);
    }

    /// <inheritdoc/>
    public event Action<StepFault>? Faulted
    {
        add => _queue.Faulted += value;
        remove => _queue.Faulted -= value;
    }

    /// <summary>D: the width of what the model gives for a sequence.</summary>
    public int Width => _model.Width;

    /// <summary>V: token ids are below this.</summary>
    public int VocabularySize => _model.VocabularySize;

    /// <summary>Bytes of its weights in memory.</summary>
    public long WeightBytes { get; }

    /// <summary>The most tokens of a sequence, by the model's positions.</summary>
    public int ContextLength => _model.ContextLength;

    /// <summary>Opens the weights and builds the model on the engine thread.</summary>
    /// <param name="folder">With the weights.</param>
    /// <param name="config">How they are quantised.</param>
    /// <param name="backend">Where the model is to live; it stays the caller's.</param>
    /// <param name="thread">The engine thread.</param>
    /// <param name="build">Makes the model of its weights; called on the engine thread.</param>
    /// <param name="progress">Is told how many bytes are loaded.</param>
    /// <param name="cancel">Stops loading.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or asks for what we do not compute.</exception>
    public static async Task<LoadedSequenceModel> LoadAsync(
        string folder, ConfigReader config, IBackend backend, EngineThread thread, Func<ModelWeights, ISequenceModel> build,
        IProgress<long>? progress, CancellationToken cancel)
    {
        var (model, weightBytes) = await thread.InvokeLongAsync(() =>
        {
            // A backend keeps its own copy, so that the mapped file is not held in memory beside it.
            using var checkpoint = Checkpoint.Open(folder, config);
            var weights = new ModelWeights(checkpoint, backend, progress, thread.Breathe, cancel);
            return (build(weights), weights.Bytes);
        }).ConfigureAwait(false);
        return new LoadedSequenceModel(thread, backend, model, weightBytes);
    }

    /// <summary>The model's vectors, in the order of the sequences.</summary>
    /// <exception cref="EmbeddingException">A token is not in the vocabulary, the queue is full, or the engine failed.</exception>
    public Task<float[][]> RunAsync(IReadOnlyList<TokenSequence> sequences, CancellationToken cancel)
    {
        for (int i = 0; i < sequences.Count; i++)
            Check(sequences[i], i);
        return _queue.RunAsync(_model.TokenTypes > 1 ? sequences : [.. sequences.Select(sequence => sequence with { Types = [] })], cancel);
    }

    /// <summary>Ends what waits and frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _queue.Close();
        await _thread.RemoveAsync(_queue).ConfigureAwait(false);
        await _thread.InvokeAsync(_model.Dispose).ConfigureAwait(false);
    }

    private void Check(TokenSequence sequence, int index)
    {
        if (sequence.Ids.Length == 0)
            throw new EmbeddingException(EmbeddingFault.InputEmpty, $"Input {index} is empty.", index);
        if (sequence.Ids.Length > _model.ContextLength)
            throw EmbeddingException.TooLong(index, sequence.Ids.Length, _model.ContextLength);
        foreach (int id in sequence.Ids)
        {
            if (id < 0 || id >= _model.VocabularySize)
            {
                string message = $"Input {index} has token {id}; the model's vocabulary ends before {_model.VocabularySize}.";
                throw new EmbeddingException(EmbeddingFault.UnknownToken, message, index);
            }
        }
    }
}
