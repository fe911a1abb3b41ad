using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>Loads chat models into the one engine of the server, which starts with the first of them. Thread safe.</summary>
public sealed class EngineModelLoader(ServerSettings settings, ILogger<EngineThread> log) : IModelLoader, IAsyncDisposable
{
    private readonly Lazy<Task<InferenceEngine>> _engine =
        new(() => InferenceEngine.StartAsync(BackendChoice.Auto, new CpuOptions { Threads = settings.Threads ?? 0 }, log));

    /// <summary>The engine that all models live in.</summary>
    public Task<InferenceEngine> Engine => _engine.Value;

    /// <inheritdoc/>
    public async Task<IChatModel> LoadAsync(string model, CancellationToken cancel)
    {
        string folder = Find(model);
        try
        {
            var engine = await Engine;
            var scheduling = new SchedulerOptions();
            if (settings.CacheBytes is { } bytes)
                scheduling = scheduling with { CacheBytes = bytes, PrefixCacheBytes = Math.Min(scheduling.PrefixCacheBytes, bytes / 2) };
            var loaded = await ChatModel.LoadAsync(folder, engine, settings.ContextTokens, scheduling, cancel: cancel);
            return new EngineChatModel(Id(model, folder), folder, loaded);
        }
        catch (Exception fault) when (fault is CheckpointException or TokenizerFormatException or InvalidDataException or IOException or NotSupportedException)
        {
            throw new ModelLoadException($"The model {model} cannot be loaded: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_engine.IsValueCreated)
            await (await _engine.Value).DisposeAsync();
    }

    /// <summary>The folder of an id: installed, shipped, or a folder's own path.</summary>
    private string Find(string model)
    {
        string installed = Path.Combine(settings.Data.Models, model);
        if (IsId(model) && File.Exists(Path.Combine(installed, "config.json")))
            return installed;
        if (StarterModels.Find(model) is { } starter)
            return starter;
        if (File.Exists(Path.Combine(model, "config.json")))
            return Path.GetFullPath(model);
        throw new ModelLoadException(
            $"There is no model '{model}': neither a folder with a config.json, nor in {settings.Data.Models}, nor one that ships ({string.Join(", ", StarterModels.Ids)}).");
    }

    private static bool IsId(string model) =>
        !Path.IsPathRooted(model) && model.Split('/') is [{ Length: > 0 } organisation, { Length: > 0 } name] && organisation[0] != '.' && name[0] != '.';

    private static string Id(string model, string folder) => IsId(model) && !Directory.Exists(model) ? model : $"local/{Path.GetFileName(folder.TrimEnd('/'))}";
}
