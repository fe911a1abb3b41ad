namespace Impetus.Engine.Tensors;

/// <summary>What a backend holds of the machine's memory, in bytes.</summary>
/// <param name="ActiveBytes">Weights, caches and scratch that are in use.</param>
/// <param name="PeakBytes">The most that was in use at once since the backend was made; null where that is not counted.</param>
/// <param name="CachedBytes">What was freed and is kept to be used again; null where that is not counted.</param>
public readonly record struct BackendMemory(long ActiveBytes, long? PeakBytes = null, long? CachedBytes = null);
