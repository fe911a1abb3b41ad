using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Embedding;

/// <summary>
/// Sequences on their way through one model. Each step takes some of them, concatenated without padding and bounded in tokens,
/// so that whoever shares the engine thread waits for one short step at most; requests take turns, so that one text is not held
/// up by ten thousand.
/// </summary>
/// <remarks>Thread safe, but for <see cref="Step"/> and <see cref="Fail"/>, which the engine thread calls.</remarks>
public sealed class EmbeddingQueue : IStepSource, IFaultSource
{
    /// <summary>How many tokens may wait in all: some hundred megabytes of text.</summary>
    public const long MaxWaitingTokens = 64 << 20;

    /// <summary>A request of at most so many tokens, such as a question, shares no step with long texts, which would hold it up.</summary>
    public const int ShortTokens = 48;

    private readonly ISequenceModel _model;
    private readonly IBackend _backend;
    private readonly Action _wake;
    private readonly int _stepTokens;
    private readonly Lock _lock = new();
    private readonly LinkedList<EmbeddingRequest> _requests = new();
    private List<EmbeddingRequest.Part> _running = [];
    private long _waitingTokens;
    private volatile bool _hasWork;
    private bool _closed, _wasShort;

    /// <summary>Makes the queue of a model.</summary>
    /// <param name="model">Computes the steps; it stays the caller's.</param>
    /// <param name="backend">The model's backend.</param>
    /// <param name="wake">Tells the engine thread that there is work.</param>
    /// <param name="stepTokens">At most so many tokens a step, unless one sequence alone has more: none is split.</param>
    public EmbeddingQueue(ISequenceModel model, IBackend backend, Action wake, int stepTokens = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepTokens, 1);
        (_model, _backend, _wake, _stepTokens) = (model, backend, wake, stepTokens);
    }

    /// <inheritdoc/>
    public event Action<StepFault>? Faulted;

    /// <inheritdoc/>
    public bool HasWork => _hasWork;

    /// <summary>Computes a vector for each sequence.</summary>
    /// <param name="sequences">Each with 1 to <see cref="ISequenceModel.ContextLength"/> tokens of the vocabulary.</param>
    /// <param name="cancel">Takes what is not yet computed out of the queue.</param>
    /// <returns>The model's own vectors, in the order of the sequences.</returns>
    /// <exception cref="EmbeddingException">The queue is full or closed, or the engine failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public Task<float[][]> RunAsync(IReadOnlyList<TokenSequence> sequences, CancellationToken cancel = default)
    {
        if (cancel.IsCancellationRequested)
            return Task.FromCanceled<float[][]>(cancel);
        if (sequences.Count == 0)
            return Task.FromResult<float[][]>([]);
        var request = new EmbeddingRequest(sequences, cancel);
        lock (_lock)
        {
            if (_closed)
                throw new EmbeddingException(EmbeddingFault.ShuttingDown, "The model is being unloaded.");
            if (_waitingTokens > 0 && _waitingTokens + request.WaitingTokens > MaxWaitingTokens)
                throw new EmbeddingException(EmbeddingFault.QueueFull, $"{_waitingTokens} tokens are waiting already; try again later.");
            _waitingTokens += request.WaitingTokens;
            _requests.AddLast(request);
            _hasWork = true;
        }

        _wake();
        return request.Result;
    }

    /// <inheritdoc/>
    public void Step()
    {
        _running = Take();
        if (_running.Count == 0)
            return;
        int tokenCount = _running.Sum(part => part.Sequence.Ids.Length), first = 0;
        var rows = new BatchRow[_running.Count];
        var ids = new int[tokenCount];
        int[] types = _running.Exists(part => part.Sequence.Types.Length > 0) ? new int[tokenCount] : [];
        for (int i = 0; i < rows.Length; i++)
        {
            var sequence = _running[i].Sequence;
            rows[i] = new BatchRow(sequence.Ids.Length, Logits: LogitsWanted.None, Bidirectional: _model.Bidirectional);
            sequence.Ids.CopyTo(ids, first);
            if (types.Length > 0)
                sequence.Types.CopyTo(types, first);
            first += sequence.Ids.Length;
        }

        var vectors = Compute(rows, ids, types);
        for (int i = 0; i < rows.Length; i++)
            _running[i].Request.Complete(_running[i].Index, vectors.AsSpan(i * _model.Width, _model.Width).ToArray());
        _running = [];
    }

    /// <inheritdoc/>
    public void Fail(Exception fault)
    {
        var error = new EmbeddingException(EmbeddingFault.EngineFault, $"The engine failed: {fault.Message}", inner: fault);
        ulong[] inputs = [.. _running.Select(part => StepFault.Hash(part.Sequence.Ids))];
        foreach (var part in _running)
            part.Request.End(error);
        _running = [];
        EndAll(error);
        Faulted?.Invoke(new StepFault(fault, inputs));
    }

    /// <summary>Takes no more requests and ends those that wait.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
        EndAll(new EmbeddingException(EmbeddingFault.ShuttingDown, "The model is being unloaded."));
    }

    private float[] Compute(BatchRow[] rows, int[] ids, int[] types)
    {
        using var batch = _backend.Begin(rows, ids, types);
        using var scope = _backend.Scope();
        var vectors = new float[rows.Length * _model.Width];
        _backend.Read(_model.Forward(batch), vectors);
        batch.Complete();
        return vectors;
    }

    /// <summary>The sequences of the next step: one of each request in turn, until the step is full.</summary>
    private List<EmbeddingRequest.Part> Take()
    {
        var parts = new List<EmbeddingRequest.Part>();
        int tokens = 0;
        lock (_lock)
        {
            LetShortOnesFirst();
            while (_requests.First is { } node)
            {
                var request = node.Value;
                if (request.EndIfCancelled())
                {
                    _waitingTokens -= request.WaitingTokens;
                    _requests.RemoveFirst();
                    continue;
                }

                if (parts.Count > 0 && (tokens + request.NextLength > _stepTokens || (_wasShort && !IsShort(request))))
                    break;
                _requests.RemoveFirst();
                tokens += request.NextLength;
                _waitingTokens -= request.NextLength;
                parts.Add(request.Take());
                if (request.WaitingTokens > 0)
                    _requests.AddLast(node);
            }

            _hasWork = _requests.Count > 0;
        }

        return parts;
    }

    /// <summary>Every other step, so that a stream of questions does not stop the rest.</summary>
    private void LetShortOnesFirst()
    {
        EmbeddingRequest[] waiting = _wasShort ? [] : [.. _requests.Where(IsShort)];
        for (int i = waiting.Length - 1; i >= 0; i--)
        {
            _requests.Remove(waiting[i]);
            _requests.AddFirst(waiting[i]);
        }

        _wasShort = waiting.Length > 0;
    }

    private static bool IsShort(EmbeddingRequest request) => request.WaitingTokens <= ShortTokens;

    private void EndAll(EmbeddingException fault)
    {
        List<EmbeddingRequest> ended;
        lock (_lock)
        {
            ended = [.. _requests];
            _requests.Clear();
            _waitingTokens = 0;
            _hasWork = false;
        }

        foreach (var request in ended)
            request.End(fault);
    }
}
