using Impetus.Engine.Hub;

namespace Impetus.Server.Management;

/// <summary>Knows which models are here, and brings them into memory. Thread safe.</summary>
public interface IModelLoader
{
    /// <summary>All models that requests can name.</summary>
    IReadOnlyList<InstalledModel> Installed { get; }

    /// <summary>A model by its id; null if it is not here.</summary>
    InstalledModel? Find(string id);

    /// <summary>A model by its id, or by its folder, as settings name one.</summary>
    /// <exception cref="ModelLoadException">It is neither.</exception>
    InstalledModel Resolve(string model);

    /// <summary>What a model will take in memory.</summary>
    /// <exception cref="ModelLoadException">Its files are damaged.</exception>
    Task<MemoryEstimate> EstimateAsync(InstalledModel model);

    /// <summary>Loads a model. May take long and much memory; nothing stays behind when it fails or is cancelled.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cacheBytes">What the caches of its sequences may take together.</param>
    /// <param name="progress">Is told how many bytes of its weights were read. Called on the engine's thread.</param>
    /// <param name="cancel">Stops loading between two tensors.</param>
    /// <exception cref="ModelLoadException">It cannot be loaded.</exception>
    Task<LoadedModel> LoadAsync(InstalledModel model, long cacheBytes, IProgress<long> progress, CancellationToken cancel);

    /// <summary>Gives memory back to the system that is kept for later: after a model was unloaded, or when memory is short.</summary>
    Task TrimAsync();
}

/// <summary>A model that cannot be loaded; the message says why and what to do.</summary>
public sealed class ModelLoadException(string message, Exception? inner = null) : Exception(message, inner);
