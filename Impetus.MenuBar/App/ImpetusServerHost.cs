using Impetus.Server;
using Impetus.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>Hosts the real server in this process.</summary>
internal sealed class ImpetusServerHost : IServerHost
{
    /// <inheritdoc/>
    public async Task<IHostedServer> StartAsync(ServerSettings settings, CancellationToken cancel) =>
        new Hosted(await ImpetusServer.StartAsync(settings, cancel: cancel), settings.ApiKey);

    private sealed class Hosted : IHostedServer
    {
        private readonly ImpetusServer _server;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Hosted(ImpetusServer server, string? key)
        {
            (_server, Address, Key) = (server, server.Address, key ?? server.Keys.First);
            server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => _ended.TrySetResult());
        }

        public Uri Address { get; }

        public string Key { get; }

        public Task ModelLoaded => _server.Models.Loaded;

        public Task Ended => _ended.Task;

        public int ActiveRequests => _server.Models.Models.Sum(model => model.Counters is { } c ? c.Running + c.Waiting : 0);

        public double TokensPerSecond => _server.Models.Models.Sum(model => model.Counters?.AnswerTokensPerSecond ?? 0);

        public Task<bool> StopAsync(CancellationToken hurry) => _server.StopAsync(hurry);

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _ended.TrySetResult();
        }
    }
}
