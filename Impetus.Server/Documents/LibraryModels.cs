using System.Collections.Concurrent;
using Impetus.Engine.Hub;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.Documents;

/// <summary>The embedding models of the server, as the library finds them. One is loaded when it is needed. Thread safe.</summary>
internal sealed class LibraryModels(EmbeddingModels models, ModelFolders folders) : IEmbeddingModels
{
    private readonly ConcurrentDictionary<string, EmbeddingModel> _known = new(StringComparer.Ordinal);

    public string DefaultId => StarterModels.Embedding;

    public async ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known))
            return known;
        try
        {
            using var lease = await models.EmbedderAsync(id, keepAlive: null, cancellationToken);
            string folder = folders.Find(id)!;
            return _known.GetOrAdd(
                id, EngineEmbeddings.ToModel(id, lease.Model, HfTokenizer.Load(folder), ModelCard.Languages(folder), new LeasedEmbeddings(models, id)));
        }
        catch (ApiException fault) when (fault.Status < StatusCodes.Status500InternalServerError)
        {
            throw new LibraryException(LibraryFault.ModelMissing, fault.Message, fault);
        }
    }
}
