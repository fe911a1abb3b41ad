namespace Impetus.Server.Management;

/// <summary>Turns a model's id or folder into a model that answers.</summary>
public interface IModelLoader
{
    /// <summary>Loads a chat model. May take long and much memory.</summary>
    /// <exception cref="ModelLoadException">It cannot be loaded.</exception>
    Task<IChatModel> LoadAsync(string model, CancellationToken cancel);
}

/// <summary>A model that cannot be loaded; the message says why and what to do.</summary>
public sealed class ModelLoadException(string message, Exception? inner = null) : Exception(message, inner);
