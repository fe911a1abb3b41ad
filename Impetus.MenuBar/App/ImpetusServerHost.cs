using Impetus.MenuBar.Menu;
using Impetus.Server;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>Hosts the real server in this process.</summary>
internal sealed class ImpetusServerHost : IServerHost
{
    /// <inheritdoc/>
    public async Task<IHostedServer> StartAsync(ServerSettings settings, CancellationToken cancel)
    {
        var hosted = new Hosted(await ImpetusServer.StartAsync(settings, cancel: cancel), settings);
        await hosted.OpenLibraryAsync();
        return hosted;
    }

    private sealed class Hosted : IHostedServer
    {
        private readonly ImpetusServer _server;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

        private readonly HostedLibrary _library;
        private readonly string _model;

        public Hosted(ImpetusServer server, ServerSettings settings)
        {
            (_server, Address, Key) = (server, server.Address, settings.ApiKey ?? server.Keys.First);
            _model = settings.Model;
            _library = new(server, _ended.Task, TimeProvider.System);
            server.Models.Changed += OnModelChanged;
            server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => _ended.TrySetResult());
        }

        public Uri Address { get; }

        public string Key { get; }

        public Task ModelLoaded => _server.Models.Loaded;

        public ModelActivity Activity { get; private set; } = new ModelActivity.Loading(null);

        public event Action? ActivityChanged;

        public IDocumentIngestor Library => _library;

        public Task Ended => _ended.Task;

        public int ActiveRequests => _server.Models.Models.Sum(model => model.Counters is { } c ? c.Running + c.Waiting : 0);

        public double TokensPerSecond => _server.Models.Models.Sum(model => model.Counters?.AnswerTokensPerSecond ?? 0);

        public Task UnloadModelAsync() => _server.Models.UnloadAsync(_model, Drain);

        public Task OpenLibraryAsync() => _library.OpenAsync();

        public Task<bool> StopAsync(CancellationToken hurry) => _server.StopAsync(hurry);

        public async ValueTask DisposeAsync()
        {
            _server.Models.Changed -= OnModelChanged;
            await _server.DisposeAsync();
            _ended.TrySetResult();
        }

        private void OnModelChanged(ResidentModel model)
        {
            if (model.Id != _model)
                return;
            Activity = model.State switch
            {
                ResidentState.Loading => new ModelActivity.Loading(model.TotalBytes > 0 ? model.Progress : null),
                ResidentState.Failed => new ModelActivity.Failed(model.Fault ?? ""),
                ResidentState.Unloaded => new ModelActivity.Idle(),
                _ => new ModelActivity.Ready(),
            };
            ActivityChanged?.Invoke();
        }
    }
}
