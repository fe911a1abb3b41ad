using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Hub;
using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Hosting;

[Trait("Weights", "real")]
public sealed class RevisedSettingsTests
{
    [Fact]
    public async Task A_running_server_takes_more_or_less_of_the_machine()
    {
        using var home = new TemporaryDirectory();
        var settings = new ServerSettings
        {
            Data = DataDirectory.Locate(home.Path, _ => null),
            Port = 0,
            Backend = Engine.Backends.BackendChoice.Cpu,
            Threads = 2,
            CacheBytes = 512L << 20,
            Batch = 5,
        };
        await using var server = await ImpetusServer.StartAsync(settings, cancel: TestContext.Current.CancellationToken);
        await server.Models.Loaded;
        var backend = (CpuBackend)(await server.Services.GetRequiredService<EngineHost>().Engine).Backend;
        Assert.Equal(2, backend.Threads);
        Assert.Equal((5, 512L << 20), await BoundsAsync(server));

        await server.ReviseAsync(settings with { Threads = 1, CacheBytes = 256L << 20, Batch = 3, KeepAlive = KeepAlive.ForEver });
        Assert.Equal(1, backend.Threads);
        // What is in memory keeps what it was loaded with.
        Assert.Equal((5, 512L << 20), await BoundsAsync(server));
        Assert.Null(Assert.Single(server.Models.Resident, model => model.Id == StarterModels.Chat).ExpiresAt);

        await server.Models.UnloadAsync(StarterModels.Chat, TimeSpan.FromSeconds(30));
        Assert.Equal((3, 256L << 20), await BoundsAsync(server));
    }

    private static async Task<(int Batch, long CacheBytes)> BoundsAsync(ImpetusServer server)
    {
        using var lease = await server.Models.LeaseAsync<IChatModel>(StarterModels.Chat, ModelKind.Chat, cancel: TestContext.Current.CancellationToken);
        var options = ((DecoderScheduler)lease.Model.Generator).Options;
        return (options.MaxSequences, options.CacheBytes);
    }
}
