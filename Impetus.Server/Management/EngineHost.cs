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

    /// <summary>Ends the engine. Models are freed before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_engine.IsValueCreated && !_engine.Value.IsFaulted)
            await (await _engine.Value).DisposeAsync();
    }

    private static async Task<InferenceEngine> StartAsync(ServerSettings settings, ILogger<EngineThread> log)
    {
        var cpu = new CpuOptions { Threads = settings.Threads ?? 0, Precision = settings.Precision };
        var engine = await InferenceEngine.StartAsync(settings.Backend, cpu, log);
        log.LogInformation("{Reason}", engine.Reason);
        return engine;
    }
}
