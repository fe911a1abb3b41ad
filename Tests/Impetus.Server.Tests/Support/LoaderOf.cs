using Impetus.Engine.Hub;
using Impetus.Server.Management;

namespace Impetus.Server.Tests.Support;

/// <summary>Loads the same chat model whatever the settings ask for; other models come from the engine.</summary>
/// <param name="model">The chat model.</param>
/// <param name="engine">Loads the others; null: there are none.</param>
internal sealed class LoaderOf(IChatModel model, IModelLoader? engine = null) : IModelLoader
{
    private readonly InstalledModel _installed = new(model.Id, ModelKind.Chat, "");

    public IReadOnlyList<InstalledModel> Installed => [_installed, .. engine?.Installed ?? []];

    public InstalledModel? Find(string id) => id == model.Id ? _installed : engine?.Find(id);

    public InstalledModel Resolve(string model) => _installed;

    public Task<MemoryEstimate> EstimateAsync(InstalledModel model) => model == _installed ? Task.FromResult(new MemoryEstimate()) : engine!.EstimateAsync(model);

    public Task<LoadedModel> LoadAsync(InstalledModel installed, long cacheBytes, IProgress<long> progress, CancellationToken cancel) =>
        installed == _installed ? Task.FromResult(new LoadedModel(model, 0, "fake")) : engine!.LoadAsync(installed, cacheBytes, progress, cancel);

    public Task TrimAsync() => Task.CompletedTask;
}
