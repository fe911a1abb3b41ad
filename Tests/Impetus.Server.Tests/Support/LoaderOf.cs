using Impetus.Server.Management;

namespace Impetus.Server.Tests.Support;

/// <summary>Loads the same model whatever is asked for.</summary>
internal sealed class LoaderOf(IChatModel model) : IModelLoader
{
    public Task<IChatModel> LoadAsync(string id, CancellationToken cancel) => Task.FromResult(model);
}
