using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// Serves a language model to many clients at once: the thread-safe front of a <see cref="DecodeLoop"/>. Requests are checked
/// and queued by their callers' threads; everything else happens on the engine thread.
/// </summary>
/// <remarks>
/// Disposing ends all requests and frees their caches; the model and its backend belong to the caller, who frees them
/// afterwards.
/// </remarks>
public sealed class DecoderScheduler : IGenerator, IStepSource, IFaultSource, IAsyncDisposable
{
    private readonly EngineThread _engine;
    private readonly SchedulerOptions _options;
    private readonly TimeProvider _clock;
    private readonly IReadOnlySet<int> _ends;
    private readonly HfTokenizer? _tokenizer;
    private readonly DecodeLoop _loop;
    private readonly long _bytesPerToken;
    private readonly int _mostKept;
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<GenerationJob> _inbox = new();
    private bool _closed;
    private int _live;

    /// <summary>Serves a model from now on.</summary>
    /// <param name="engine">The thread that it runs on.</param>
    /// <param name="backend">Where the model lives.</param>
    /// <param name="decoder">The model.</param>
    /// <param name="tokenizer">Turns answers into text. Null: they stay tokens, and stop texts have no effect.</param>
    /// <param name="ends">Tokens that end an answer.</param>
    /// <param name="options">The bounds; null: the defaults.</param>
    /// <param name="clock">Measures times; null: the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DecoderScheduler(
        EngineThread engine, IBackend backend, IDecoder decoder, HfTokenizer? tokenizer, IReadOnlySet<int> ends,
        SchedulerOptions? options = null, TimeProvider? clock = null)
    {
        (_engine, _tokenizer, _ends) = (engine, tokenizer, ends);
        _options = (options ?? new SchedulerOptions()).Validated();
        _clock = clock ?? TimeProvider.System;
        _bytesPerToken = _options.BytesPerToken ?? Math.Max(1, decoder.Layers.Sum(layer => (long)layer.Width) * sizeof(float));
        _mostKept = decoder.Layers.Max(layer => layer.MostKept(_options.PrefillChunk));
        (ContextLength, VocabularySize) = (decoder.ContextLength, decoder.VocabularySize);
        Counters = new SchedulerCounters(_clock);
        _loop = new DecodeLoop(backend, decoder, _options, _bytesPerToken, _mostKept, Counters, () => Interlocked.Decrement(ref _live));
        engine.Add(this);
    }

    /// <inheritdoc/>
    public event Action<StepFault>? Faulted;

    /// <inheritdoc/>
    public int ContextLength { get; }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <summary>The bounds within which its requests share the model.</summary>
    public SchedulerOptions Options => _options;

    /// <summary>What was done so far, and what is held now.</summary>
    public SchedulerCounters Counters { get; }

    /// <inheritdoc/>
    public bool HasWork => Volatile.Read(ref _live) > 0;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is out of range; the message names its member.</exception>
    /// <remarks>
    /// As OpenAI does, a request is refused when its prompt leaves no room for a token, or when it names a limit and prompt and
    /// limit together exceed the context; without a limit the answer ends where the context, or the memory for caches, does.
    /// </remarks>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        var job = Submit(request);
        using var registration = cancel.UnsafeRegister(static job => ((GenerationJob)job!).Cancel(), job);
        try
        {
            await foreach (var next in job.Events.ReadAllAsync(cancel))
                yield return next;
        }
        finally
        {
            job.Cancel();
        }
    }

    /// <summary>
    /// Frees memory of finished sequences, kept for prompts that begin alike, until they take no more than so many bytes: for
    /// times when memory is short.
    /// </summary>
    public Task TrimPrefixCacheAsync(long bytes = 0) => _engine.InvokeAsync(() => _loop.TrimPrefixes(bytes));

    /// <inheritdoc/>
    public void Step()
    {
        while (_inbox.TryDequeue(out var job))
            _loop.Enqueue(job);
        _loop.Step();
    }

    /// <inheritdoc/>
    public void Fail(Exception fault)
    {
        var inputs = _loop.RunningInputs;
        EndAll(() => DecodeLoop.EngineFault(fault));
        Faulted?.Invoke(new StepFault(fault, inputs));
    }

    /// <summary>Ends all requests (<see cref="GenerationFault.ShuttingDown"/>), refuses new ones and frees all caches.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        try
        {
            await _engine.InvokeAsync(() => EndAll(ShuttingDown));
            await _engine.RemoveAsync(this);
        }
        catch (ObjectDisposedException)
        {
            // A thread that ends fails its sources itself.
        }
    }

    private GenerationJob Submit(GenerationRequest request)
    {
        RequestChecks.Check(request, VocabularySize, _options.StepTokens);
        int limit = AnswerLimit(request);
        var ends = request.StopAtEndOfSequence ? _ends : NoEnds;
        var job = new GenerationJob(request, limit, ends, _tokenizer, _clock);
        lock (_gate)
        {
            if (_closed)
                throw ShuttingDown();
            if (_inbox.Count + Counters.Waiting >= _options.QueueLimit)
                throw new GenerationException(GenerationFault.QueueFull, $"{_options.QueueLimit} requests are waiting already; try again later.");
            Interlocked.Increment(ref _live);
            _inbox.Enqueue(job);
        }

        try
        {
            _engine.Wake();
        }
        catch (ObjectDisposedException)
        {
            throw ShuttingDown();
        }

        return job;
    }

    /// <summary>How many tokens an answer may have, by the request, the context and the memory.</summary>
    private int AnswerLimit(GenerationRequest request)
    {
        int prompt = request.Prompt.Count;
        if (prompt + (long)(request.MaxTokens ?? 1) > ContextLength)
        {
            throw new GenerationException(GenerationFault.ContextLengthExceeded, request.MaxTokens is { } asked
                ? $"This model's context is {ContextLength} tokens, but {prompt + (long)asked} were asked for: {prompt} of the prompt and {asked} of the answer. Shorten the prompt or ask for fewer tokens."
                : $"This model's context is {ContextLength} tokens, prompt and answer together, but the prompt has {prompt}. Shorten it.");
        }

        // Others may go; what is set aside for all never grows by waiting.
        long bytes = Math.Min(_options.CacheBytes, _options.Ledger?.Bytes ?? long.MaxValue), capacity = bytes / _bytesPerToken;
        long most = request.Choices * (long)_mostKept;
        long needed = Math.Min(prompt + request.Choices * (long)(request.MaxTokens ?? 1), most);
        if (needed > capacity)
        {
            throw new GenerationException(
                GenerationFault.OutOfMemory,
                $"The request needs {ByteCount.Text(needed * _bytesPerToken)} of cache for {needed} tokens, and {ByteCount.Text(bytes)} are set aside for {capacity}. Shorten the prompt, ask for fewer tokens, or give the cache more memory.");
        }

        long room = most <= capacity ? ContextLength : (capacity - prompt) / request.Choices;
        return request.MaxTokens ?? (int)Math.Min(ContextLength - prompt, room);
    }

    private void EndAll(Func<GenerationException> error)
    {
        while (_inbox.TryDequeue(out var job))
            _loop.Enqueue(job);
        _loop.EndAll(error);
    }

    private static GenerationException ShuttingDown() =>
        new(GenerationFault.ShuttingDown, "The model is being unloaded; the request ended before it was answered.");

    private static readonly HashSet<int> NoEnds = [];
}
