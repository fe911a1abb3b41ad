using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>Loads chat models into the engine of the server. Thread safe.</summary>
public sealed class EngineModelLoader(ServerSettings settings, EngineHost host, ModelFolders folders) : IModelLoader
{
    // A quarter of the cache may be kept for prompts that begin alike.
    private const int PrefixShare = 4;

    /// <inheritdoc/>
    public async Task<IChatModel> LoadAsync(string model, CancellationToken cancel)
    {
        var (id, folder) = folders.Resolve(model);
        try
        {
            return new EngineChatModel(
                id, folder, await ChatModel.LoadAsync(folder, await host.Engine, settings.ContextTokens, Scheduling(), cancel: cancel));
        }
        catch (Exception fault) when (fault is CheckpointException or TokenizerFormatException or InvalidDataException
            or BackendUnavailableException or IOException or NotSupportedException)
        {
            throw new ModelLoadException($"The model {id} cannot be loaded: {fault.Message}", fault);
        }
    }

    private SchedulerOptions Scheduling()
    {
        var usual = new SchedulerOptions();
        return settings.CacheBytes is { } bytes ? usual with { CacheBytes = bytes, PrefixCacheBytes = bytes / PrefixShare } : usual;
    }
}
