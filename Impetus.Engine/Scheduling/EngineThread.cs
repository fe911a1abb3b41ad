using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// The one thread on which all models run. Sources with work are stepped in turn; between steps, posted actions (freeing a
/// model) are run; without either it sleeps. What takes long (loading a model) lets the others go on where it can.
/// </summary>
/// <remarks>All members are thread safe.</remarks>
public sealed class EngineThread : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly ConcurrentQueue<Action> _long = new();

    // Never disposed: a source may wake a thread that has ended. Without a wait handle it holds nothing.
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile IStepSource[] _sources = [];
    private volatile bool _stopping;
    private int _awake;

    /// <summary>Starts the thread.</summary>
    public EngineThread(ILogger<EngineThread>? log = null)
    {
        _log = log ?? NullLogger<EngineThread>.Instance;
        _thread = new Thread(Run) { Name = "Impetus engine", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether the caller is on the engine thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Takes a source into the round.</summary>
    public void Add(IStepSource source)
    {
        lock (_wake)
            _sources = [.. _sources, source];
        Wake();
    }

    /// <summary>Takes a source out of the round. When this completes, it is not being stepped and will not be again.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended; the source has failed, or is about to.</exception>
    public Task RemoveAsync(IStepSource source)
    {
        lock (_wake)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _sources = [.. _sources.Where(s => s != source)];
            return InvokeAsync(() => { });
        }
    }

    /// <summary>A source has new work.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended, or is about to fail all sources and end.</exception>
    public void Wake()
    {
        lock (_wake)
            ObjectDisposedException.ThrowIf(_stopping, this);
        Signal();
    }

    /// <summary>Runs an action on the engine thread, between two steps.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public Task InvokeAsync(Action action) => InvokeAsync(() =>
    {
        action();
        return true;
    });

    /// <summary>Runs a function on the engine thread, between two steps.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public Task<T> InvokeAsync<T>(Func<T> function) => Post(_posted, function);

    /// <summary>
    /// Runs a function that takes long on the engine thread, and calls <see cref="Breathe"/> on its way. One such function runs
    /// after the other.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public Task<T> InvokeLongAsync<T>(Func<T> function) => Post(_long, function);

    /// <summary>In the middle of a long function: runs what is posted, and a step of each source that has work. Engine thread only.</summary>
    public void Breathe()
    {
        RunPosted();
        StepEach();
    }

    /// <summary>
    /// Finishes the step and the actions that are posted, and ends the thread. Sources that are still in the round fail, so
    /// that nobody waits for them for ever.
    /// </summary>
    public void Dispose()
    {
        lock (_wake)
        {
            if (_stopping)
                return;
            _stopping = true;
        }

        Signal();
        if (!IsCurrent)
            _thread.Join();
    }

    private Task<T> Post<T>(ConcurrentQueue<Action> queue, Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_wake)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            queue.Enqueue(() =>
            {
                try
                {
                    done.SetResult(function());
                }
                catch (Exception fault)
                {
                    done.SetException(fault);
                }
            });
        }

        Signal();
        return done.Task;
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0)
            _wake.Release();
    }

    private void Run()
    {
        while (!_stopping)
        {
            RunPosted();
            bool worked = _long.TryDequeue(out var action);
            action?.Invoke();
            if (StepEach() || worked)
                continue;
            _wake.Wait();
            // A plain write could still be on its way while the queues are read: whoever posts then would find the thread awake
            // and not wake it, and it would sleep on a full queue.
            Interlocked.Exchange(ref _awake, 0);
        }

        RunPosted();
        while (_long.TryDequeue(out var action))
            action();
        foreach (var source in _sources)
            Fail(source, new ObjectDisposedException(nameof(EngineThread), "The engine was stopped."));
    }

    /// <summary>A source that fails even at failing must not take the other models with it.</summary>
    private void Fail(IStepSource source, Exception fault)
    {
        try
        {
            source.Fail(fault);
        }
        catch (Exception second)
        {
            _log.LogError(second, "A model could not end its requests");
        }
    }

    private void RunPosted()
    {
        while (_posted.TryDequeue(out var action))
            action();
    }

    private bool StepEach()
    {
        bool any = false;
        foreach (var source in _sources)
        {
            if (!source.HasWork)
                continue;
            any = true;
            try
            {
                source.Step();
            }
            catch (Exception fault)
            {
                _log.LogError(fault, "A step failed; the requests of this model end with an error");
                Fail(source, fault);
            }

            RunPosted();
        }

        return any;
    }
}
