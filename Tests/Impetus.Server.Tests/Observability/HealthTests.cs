using System.Net;
using Impetus.Engine.Hub;
using Impetus.Server.Management;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Observability;

public sealed class HealthTests
{
    [Fact]
    public async Task The_server_lives_before_a_model_can_answer_and_is_ready_after()
    {
        var loader = new SlowLoader();
        await using var server = await RunningServer.InMemoryAsync(loader: loader);
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous().GetAsync("/health")).StatusCode);
        var before = await server.Anonymous().GetAsync("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, before.StatusCode);
        Assert.Equal("loading", (await before.JsonAsync()).Text("status"));

        loader.Model.SetResult(new FakeChatModel());
        await server.Server.Models.Loaded;
        var after = await server.Anonymous().GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal("ready", (await after.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_leaves_the_server_alive_and_not_ready()
    {
        var loader = new SlowLoader();
        await using var server = await RunningServer.InMemoryAsync(loader: loader);
        loader.Model.SetException(new ModelLoadException("There is no folder of that name."));
        await Assert.ThrowsAsync<ModelLoadException>(() => server.Server.Models.Loaded);
        var ready = await server.Anonymous().GetAsync("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("failed", (await ready.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task The_root_says_what_this_is()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var about = await (await server.Client.GetAsync("/")).JsonAsync();
        Assert.Equal("Impetus", about.Text("name"));
        Assert.Equal(ImpetusServer.Version, about.Text("version"));
        Assert.Equal("test-org/fake-model", about.GetProperty("models")[0].GetString());
    }

    private sealed class SlowLoader : IModelLoader
    {
        private readonly InstalledModel _installed = new("test-org/fake-model", ModelKind.Chat, "");

        public TaskCompletionSource<IChatModel> Model { get; } = new();

        public IReadOnlyList<InstalledModel> Installed => [_installed];

        public InstalledModel? Find(string id) => _installed;

        public InstalledModel Resolve(string model) => _installed;

        public Task<MemoryEstimate> EstimateAsync(InstalledModel model) => Task.FromResult(new MemoryEstimate());

        public async Task<LoadedModel> LoadAsync(InstalledModel model, long cacheBytes, IProgress<long> progress, CancellationToken cancel) =>
            new(await Model.Task.WaitAsync(cancel), 0, "fake");

        public Task TrimAsync() => Task.CompletedTask;
    }
}
