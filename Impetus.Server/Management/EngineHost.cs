using Impetus.Engine;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>The one engine of a server, which starts with the first model that needs it. Thread safe.</summary>
public sealed class EngineHost(ServerSettings settings, ILogger<EngineThread> log) : IAsyncDisposable
{
    private readonly Lazy<Task<InferenceEngine>> _engine = new(() => StartAsync(settings, log));

    /// <summary>The engine that all models live in.</summary>
    public Task<InferenceEngine> Engine => _engine.Value;

    /// <summary>The engine, if a model has needed it; asking does not start it.</summary>
    public InferenceEngine? Started => _engine is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _engine.Value.Result : null;

    /// <summary>Bounds the threads of the CPU engine, which starts if it has not yet; the step at work is finished with as many as before.</summary>
    /// <param name="most">Null: one for each physical core.</param>
    public async Task LimitThreadsAsync(int? most) => await (await Engine).LimitThreadsAsync(most);

    /// <summary>Ends the engine. Models are freed before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_engine.IsValueCreated && !_engine.Value.IsFaulted)
            await (await _engine.Value).DisposeAsync();
    }

    private static async Task<InferenceEngine> StartAsync(ServerSettings settings, ILogger<EngineThread> log)
    {
        // As many as there may ever be: fewer is a matter of a word later on.
        var cpu = new CpuOptions { Threads = Math.Max(settings.Threads ?? 0, PhysicalCores.Count), Precision = settings.Precision };
        var engine = await InferenceEngine.StartAsync(settings.Backend, cpu, log);
        await engine.LimitThreadsAsync(settings.Threads);
        log.LogInformation("{Reason}", engine.Reason);
        return engine;
    }
}
