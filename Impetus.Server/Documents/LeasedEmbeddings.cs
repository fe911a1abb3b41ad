using Impetus.Engine.Embedding;
using Impetus.Server.Management;
using Microsoft.Extensions.AI;

namespace Impetus.Server.Documents;

/// <summary>Embeds with a model that is in memory only while it is used, and for its time after: each call takes a lease. Thread safe.</summary>
internal sealed class LeasedEmbeddings(EmbeddingModels models, string id) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var lease = await models.EmbedderAsync(id, keepAlive: null, cancellationToken);
        return await new TextEmbeddingGenerator(lease.Model, id).GenerateAsync(values, options, cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
