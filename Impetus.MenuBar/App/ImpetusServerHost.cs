using Impetus.Server;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Observability;
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
        private readonly ServerSettings _settings;
        private readonly HostedLibrary _library;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Hosted(ImpetusServer server, ServerSettings settings)
        {
            (_server, _settings, Address, Key) = (server, settings, server.Address, settings.ApiKey ?? server.Keys.First);
            _library = new(server, _ended.Task, TimeProvider.System);
            server.Models.Changed += OnModelChanged;
            server.RequestsChanged += OnRequestsChanged;
            server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => _ended.TrySetResult());
        }

        public Uri Address { get; }

        public string Key { get; }

        public string FirstModel => _settings.Model;

        public Task FirstModelLoaded => _server.Models.Loaded;

        public IReadOnlyList<ResidentModel> Models => _server.Models.Resident;

        public event Action? Changed;

        public ServerStatus Status => _server.Status;

        public IDocumentIngestor Library => _library;

        public Task Ended => _ended.Task;

        public Task LoadModelAsync(string id, CancellationToken cancel) => _server.Models.LoadAsync(id, cancel: cancel);

        public Task<Unloading> UnloadModelAsync(string id, TimeSpan drain) => _server.Models.UnloadAsync(id, drain);

        public Task ReviseAsync(PerformancePlan plan) => _server.ReviseAsync(plan.Apply(_settings));

        public Task<ModelSpeed> MeasureAsync(string id, IProgress<int> progress, CancellationToken cancel) => _server.MeasureAsync(id, progress, cancel);

        public Task OpenLibraryAsync() => _library.OpenAsync();

        public async Task<bool> StopAsync(CancellationToken hurry)
        {
            await _library.DisposeAsync();
            return await _server.StopAsync(hurry);
        }

        public async ValueTask DisposeAsync()
        {
            _server.Models.Changed -= OnModelChanged;
            _server.RequestsChanged -= OnRequestsChanged;
            await _library.DisposeAsync();
            await _server.DisposeAsync();
            _ended.TrySetResult();
        }

        private void OnModelChanged(ResidentModel model) => Changed?.Invoke();

        private void OnRequestsChanged() => Changed?.Invoke();
    }
}
