using Impetus.Engine;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>Loads chat models into the engine of the server. Thread safe.</summary>
public sealed class EngineModelLoader(ServerSettings settings, EngineHost host, ModelFolders folders) : IModelLoader
{
    /// <inheritdoc/>
    public async Task<IChatModel> LoadAsync(string model, CancellationToken cancel)
    {
        string folder = Find(model);
        try
        {
            var engine = await host.Engine;
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

    /// <summary>The folder of an id: installed, shipped, or a folder's own path.</summary>
    private string Find(string model)
    {
        if (folders.Find(model) is { } here)
            return here;
        if (File.Exists(Path.Combine(model, "config.json")))
            return Path.GetFullPath(model);
        throw new ModelLoadException(
            $"There is no model '{model}': neither a folder with a config.json, nor in {settings.Data.Models}, nor one that ships ({string.Join(", ", StarterModels.Ids)}).");
    }

    private string Id(string model, string folder) => folders.Find(model) is not null ? model : $"local/{Path.GetFileName(folder.TrimEnd('/'))}";
}
