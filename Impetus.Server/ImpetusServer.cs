using System.Reflection;
using Impetus.Engine.Generation;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Conversations;
using Impetus.Server.Documents;
using Impetus.Server.Documents.Fetching;
using Impetus.Server.Documents.VectorStores;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;
using Impetus.Server.Observability;
using Impetus.Server.OpenAi;
using Impetus.Server.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Impetus.Server;

/// <summary>
/// A running server. The `impetus` command and the menu-bar app both host it; it keeps no static state, so that one process can
/// start, stop and start again.
/// </summary>
public sealed class ImpetusServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerSettings _settings;

    private ImpetusServer(WebApplication app, ServerSettings settings) => (_app, _settings) = (app, settings);

    /// <summary>The version of the product.</summary>
    public static string Version { get; } =
        typeof(ImpetusServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Where programs reach it.</summary>
    public Uri Address => new($"http://localhost:{_app.Services.GetRequiredService<ListenSockets>().EndPoints[0].Port}/");

    /// <summary>Whether it listens on 127.0.0.1 alone, because this machine has no IPv6.</summary>
    public bool LacksIPv6 => _app.Services.GetRequiredService<ListenSockets>().LacksIPv6;

    /// <summary>The keys that open it.</summary>
    public ApiKeys Keys => _app.Services.GetRequiredService<ApiKeys>();

    /// <summary>Its models, the first of which is loaded after the start.</summary>
    public ModelHost Models => _app.Services.GetRequiredService<ModelHost>();

    /// <summary>Its library of documents, once it is open.</summary>
    /// <exception cref="LibraryException">It cannot be opened.</exception>
    public Task<DocumentLibrary> LibraryAsync() => Services.GetRequiredService<LibraryHost>().LibraryAsync();

    /// <summary>Fetches a page of the public web as a document, bounded in time, size and redirects.</summary>
    /// <exception cref="ApiException">It is refused or cannot be had; the message says why.</exception>
    public Task<NewDocument> FetchAsync(Uri address, CancellationToken cancel = default) =>
        Services.GetRequiredService<UrlFetcher>().FetchAsync(address.AbsoluteUri, cancel);

    /// <summary>How it is just now, in figures, as <c>GET /api/status</c> tells it. Waits for nothing.</summary>
    public ServerStatus Status => StatusEndpoints.Read(Services);

    /// <summary>Raised after a request has begun or ended to wait for a model or its work, on the request's thread: be quick.</summary>
    public event Action? RequestsChanged
    {
        add => Services.GetRequiredService<ActiveRequests>().Changed += value;
        remove => Services.GetRequiredService<ActiveRequests>().Changed -= value;
    }

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>
    /// Takes more or less of the machine while it runs: threads from the next step on, the time that models stay from the next request on,
    /// cache and batch for models that are loaded from now on. Nothing is interrupted.
    /// </summary>
    /// <param name="settings">Of which <see cref="ServerSettings.Threads"/>, <see cref="ServerSettings.KeepAlive"/>,
    /// <see cref="ServerSettings.CacheBytes"/> and <see cref="ServerSettings.Batch"/> count; the others are those of the start.</param>
    public Task ReviseAsync(ServerSettings settings)
    {
        Models.Revise(settings);
        Services.GetRequiredService<EngineModelLoader>().Revise(settings);
        return Services.GetRequiredService<EngineHost>().LimitThreadsAsync(settings.Threads);
    }

    /// <summary>Measures how fast a model is, which is loaded if it must. It counts as a request: a server that stops waits for it or cuts it off.</summary>
    /// <param name="model">The id of a chat model.</param>
    /// <param name="progress">Is told how many of <see cref="ModelSpeed.Answers"/> are over.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="ApiException">The model cannot be used, or the server stops; the message says why.</exception>
    /// <exception cref="GenerationException">The model failed, or was unloaded.</exception>
    public async Task<ModelSpeed> MeasureAsync(string model, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var active = Services.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, active.CutOff);
        using var lease = await Models.LeaseAsync<IChatModel>(model, ModelKind.Chat, cancel: either.Token);
        return await ModelSpeed.MeasureAsync(lease.Model, progress, either.Token);
    }

    /// <summary>Starts a server. It answers at once; a model can answer when <see cref="ModelHost.Loaded"/> completes.</summary>
    /// <param name="settings">How it runs.</param>
    /// <param name="configure">Adds to or replaces what it is made of.</param>
    /// <param name="cancel">Gives the start up.</param>
    /// <exception cref="SettingsException">It cannot run with these settings.</exception>
    /// <exception cref="PortTakenException">Another program listens on the port.</exception>
    public static async Task<ImpetusServer> StartAsync(
        ServerSettings settings, Action<WebApplicationBuilder>? configure = null, CancellationToken cancel = default)
    {
        // Nothing ambient: no appsettings.json, no ASPNETCORE_ variables, no signal handlers.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "Impetus" });
        AddServices(builder, settings);
        configure?.Invoke(builder);
        var app = builder.Build();
        try
        {
            UsePipeline(app);
            MapEndpoints(app);
            if (settings.ApiKey is { Length: < ApiKeys.SafeLength })
                app.Logger.LogWarning("IMPETUS_API_KEY is short enough to be guessed; take {Length} characters or more", ApiKeys.SafeLength);
            await app.StartAsync(cancel);
            return new(app, settings);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses new requests, lets running ones finish for <see cref="ServerSettings.ShutdownTimeout"/>, and stops.</summary>
    /// <param name="hurry">Cuts the wait short.</param>
    /// <returns>Whether every request could finish.</returns>
    public async Task<bool> StopAsync(CancellationToken hurry = default)
    {
        bool finished = await _app.Services.GetRequiredService<ActiveRequests>().DrainAsync(_settings.ShutdownTimeout, hurry);
        await _app.StopAsync(CancellationToken.None);
        return finished;
    }

    /// <summary>Stops at once, if it runs, and gives everything back: port, models, memory.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddServices(WebApplicationBuilder builder, ServerSettings settings)
    {
        var services = builder.Services;
        services.AddRoutingCore();
        services.AddSingleton(settings);
        services.AddSingleton(_ => ApiKeys.Open(settings.Data, settings.ApiKey));
        services.AddSingleton<HostCheck>();
        services.AddSingleton<ListenSockets>();
        services.AddSingleton<ActiveRequests>();
        services.AddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<PrometheusText>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<EngineHost>();
        services.AddSingleton(_ => AddedModels.Open(settings.Data));
        services.AddSingleton(provider => ModelPlaces.Of(settings, provider.GetRequiredService<AddedModels>()));
        services.AddSingleton(provider => new ModelFolders(settings.Data, provider.GetRequiredService<ModelPlaces>()));
        services.AddSingleton<EngineModelLoader>();
        services.AddSingleton<IModelLoader>(provider => provider.GetRequiredService<EngineModelLoader>());
        services.AddSingleton(_ => PlainMemory.OfThisMachine());
        services.AddSingleton<MemoryBudget>();
        services.AddSingleton<IMemoryPressure, MemoryWatch>();
        services.AddSingleton<MemoryGuard>();
        services.AddSingleton(_ => new CrashMarkers(settings.Data));
        services.AddSingleton(_ => new ModelDefaults(settings.Data));
        services.AddSingleton<EmbeddingModels>();
        services.AddSingleton<LibraryModels>();
        services.AddSingleton<LibraryReranker>();
        services.AddSingleton<LibraryHost>();
        services.AddSingleton(_ => new UrlFetcher());
        services.AddSingleton<Grounder>();
        services.AddSingleton(_ => new ConversationStore(settings.Data));
        services.AddSingleton<ConversationTurns>();
        services.AddSingleton<FaultPolicy>();
        services.AddSingleton<ModelHost>();
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton<ListedModels>();
        services.AddSingleton<ModelRoom>();
        services.AddSingleton<IVolumes, Volumes>();
        services.AddSingleton<ModelCopy>();
        services.AddSingleton<ModelAddition>();
        services.AddSingleton<ModelRemoval>();
        services.AddSingleton<ModelWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelWatch>());
        services.AddHostedService<ModelNews>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHost>());
        // The last to start is the first to go: while models are still there, the library's jobs stop where they can go on.
        services.AddHostedService(provider => provider.GetRequiredService<LibraryHost>());
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, HostedByOthers>());
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));

        builder.Logging.SetMinimumLevel(settings.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
        services.AddSingleton<ILoggerProvider>(_ => new FileLog(settings.Data.Ensure(settings.Data.Logs)));

        builder.WebHost.UseKestrelCore();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.AddSingleton<IConfigureOptions<SocketTransportOptions>, KestrelSetup>();
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseRequestLog();
        app.UseErrorEnvelopes();
        app.Services.GetRequiredService<HostCheck>().Use(app);
        OriginCheck.Use(app);
        FormerRoutes.UseMoved(app);
        app.UseRouting();
        KeyCheck.Use(app, app.Services.GetRequiredService<ApiKeys>());
        FormerRoutes.UseGone(app);
        app.UseRequestEvents();
        app.UseWebSockets();
    }

    private static void MapEndpoints(WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapEvents();
        app.MapStatus();
        app.MapOpenApi();
        app.MapKeys();
        app.MapModels();
        app.MapCatalog();
        app.MapResidency();
        app.MapChatCompletions();
        app.MapConversations();
        app.MapCompletions();
        app.MapEmbeddings();
        app.MapRerank();
        app.MapDocuments();
        app.MapDocumentJobs();
        app.MapCollections();
        app.MapSearch();
        app.MapFiles();
        app.MapVectorStores();
        app.MapVectorStoreFiles();
        app.MapFileBatches();
        app.MapVectorStoreSearch();
    }

    // Signals are the affair of whoever hosts the server.
    private sealed class HostedByOthers : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
