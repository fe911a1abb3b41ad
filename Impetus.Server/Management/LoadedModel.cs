namespace Impetus.Server.Management;

/// <summary>A model in memory, as its loader made it. Disposing <paramref name="Model"/> ends its requests and unloads it.</summary>
/// <param name="Model">An <see cref="IChatModel"/>, an embedder or a reranker, by its kind.</param>
/// <param name="WeightBytes">Bytes of its weights.</param>
/// <param name="Backend">The engine that it lives in: <c>cpu</c> or <c>mlx</c>.</param>
public sealed record LoadedModel(IAsyncDisposable Model, long WeightBytes, string Backend);
