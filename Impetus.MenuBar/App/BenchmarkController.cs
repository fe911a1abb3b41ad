using Impetus.MenuBar.Menu;
using Impetus.Server.Management;

namespace Impetus.MenuBar.App;

/// <summary>
/// Measures the chosen model in the running server, one measurement at a time, and keeps the last result until the next one begins. Thread
/// safe; <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class BenchmarkController(Func<IHostedServer?> running, Func<string> model, Notifier notifier, Strings strings)
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _cancel;
    private volatile BenchmarkState _state = new BenchmarkState.Offered();

    /// <summary>Raised after <see cref="State"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Null while no server runs.</summary>
    public BenchmarkState? State => running() is null ? null : _state;

    /// <summary>Measures; does nothing if it does already, or no server runs.</summary>
    public async Task RunAsync()
    {
        if (running() is not { } server)
            return;
        using var cancel = new CancellationTokenSource();
        lock (_lock)
        {
            if (_cancel is not null)
                return;
            _cancel = cancel;
        }

        Set(new BenchmarkState.Running(0, ModelSpeed.Answers));
        BenchmarkState end = new BenchmarkState.Offered();
        try
        {
            var speed = await server.MeasureAsync(model(), new Steps(this), cancel.Token);
            end = new BenchmarkState.Done(speed.Model, speed.FirstTokenMilliseconds, speed.PrefillTokensPerSecond, speed.DecodeTokensPerSecond);
            notifier.Forget("benchmark");
            notifier.Say("benchmark", strings.Written(speed.DecodeTokensPerSecond), strings.MeasuredBody((BenchmarkState.Done)end));
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Given up: nothing is told, and what was known before is no longer asked for.
        }
        catch (Exception fault)
        {
            notifier.Forget("benchmark");
            notifier.Say("benchmark", strings.NotMeasured, fault.Message);
        }
        finally
        {
            lock (_lock)
                _cancel = null;
            Set(end);
        }
    }

    /// <summary>Gives the measurement up.</summary>
    public void Cancel()
    {
        lock (_lock)
            _cancel?.Cancel();
    }

    private void Set(BenchmarkState state)
    {
        _state = state;
        Changed?.Invoke();
    }

    // Progress<T> would post the steps, and the last one might come after the end.
    private sealed class Steps(BenchmarkController benchmark) : IProgress<int>
    {
        public void Report(int value) => benchmark.Set(new BenchmarkState.Running(value, ModelSpeed.Answers));
    }
}
