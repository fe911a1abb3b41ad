namespace Impetus.Server.Management.Memory;

/// <summary>Who holds the memory that can be had back.</summary>
public interface IMemoryOwner
{
    /// <summary>Gives back what is only kept for later: cached prefixes, free buffers.</summary>
    Task TrimAsync();

    /// <summary>Unloads the model that was used least recently, of those that nobody uses and nobody pinned.</summary>
    /// <returns>False if there is none.</returns>
    Task<bool> UnloadOldestAsync();
}
