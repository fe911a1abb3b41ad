using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Hardware;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Microsoft.Extensions.Logging;

namespace Impetus.Engine;

/// <summary>
/// What all loaded models share: one backend, and the one thread that it lives on. Dispose the models first. Thread safe.
/// </summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    private InferenceEngine(EngineThread thread, IBackend backend, ComputeDevice device, string reason)
    {
        (Thread, Backend, Device, Reason) = (thread, backend, device, reason);
        Routes = ComputeDispatcher.Routes(device, Machine.Current);
    }

    /// <summary>The engine thread.</summary>
    public EngineThread Thread { get; }

    /// <summary>Where models live. To be called on <see cref="Thread"/> alone, but for its name, counters and memory.</summary>
    public IBackend Backend { get; }

    /// <summary>What computes.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Which device does what, and why.</summary>
    public IReadOnlyList<ComputeRoute> Routes { get; }

    /// <summary>Why it is this backend, in a sentence.</summary>
    public string Reason { get; }

    /// <summary>Starts the engine.</summary>
    /// <param name="choice">Which backend.</param>
    /// <param name="cpu">How the CPU computes, if it does.</param>
    /// <param name="log">Hears of steps that failed.</param>
    /// <exception cref="BackendUnavailableException">MLX was asked for by name and cannot be used.</exception>
    public static async Task<InferenceEngine> StartAsync(BackendChoice choice = BackendChoice.Auto, CpuOptions? cpu = null, ILogger<EngineThread>? log = null)
    {
        var thread = new EngineThread(log);
        try
        {
            var (backend, device, reason) = await thread.InvokeAsync(() => BackendFactory.Create(choice, cpu)).ConfigureAwait(false);
            return new InferenceEngine(thread, backend, device, reason);
        }
        catch
        {
            thread.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of weights, caches and scratch that the backend holds now.</summary>
    public Task<long> ActiveBytesAsync() => Thread.InvokeAsync(() => Backend.ActiveBytes);

    /// <summary>What the backend holds of the machine's memory.</summary>
    public Task<BackendMemory> MemoryAsync() => Thread.InvokeAsync(() => Backend.Memory);

    /// <summary>Gives memory back to the system that the backend only keeps for later.</summary>
    public Task TrimAsync() => Thread.InvokeAsync(Backend.Trim);

    /// <summary>Bounds the threads that the CPU engine computes with, from the next step on; null: all that it was started with.</summary>
    /// <param name="most">At least 1.</param>
    public Task LimitThreadsAsync(int? most) => Thread.InvokeAsync(() => Backend.LimitThreads(most));

    /// <summary>Frees the backend and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        await Thread.InvokeAsync(Backend.Dispose).ConfigureAwait(false);
        Thread.Dispose();
    }
}
