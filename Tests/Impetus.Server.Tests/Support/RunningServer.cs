using System.Net.Http.Headers;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.Support;

/// <summary>A server with a fake model and a data directory of its own, in memory or on real sockets.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(ImpetusServer server, ServerSettings settings, TemporaryDirectory home, FakeChatModel model, RecordedLog log) =>
        (Server, Settings, Home, Model, Log) = (server, settings, home, model, log);

    public ImpetusServer Server { get; }

    public ServerSettings Settings { get; }

    public TemporaryDirectory Home { get; }

    public FakeChatModel Model { get; }

    public RecordedLog Log { get; }

    /// <summary>A client with the first key.</summary>
    public HttpClient Client => field ??= WithKey(Anonymous());

    public static Task<RunningServer> InMemoryAsync(
        Func<ServerSettings, ServerSettings>? settings = null, IModelLoader? loader = null, TimeProvider? time = null, Action<IServiceCollection>? services = null) =>
        StartAsync(settings, loader, time, builder =>
        {
            builder.WebHost.UseTestServer();
            services?.Invoke(builder.Services);
        });

    public static Task<RunningServer> OnSocketsAsync(
        Func<ServerSettings, ServerSettings>? settings = null, IModelLoader? loader = null, TimeProvider? time = null, Action<IServiceCollection>? services = null) =>
        StartAsync(settings, loader, time, builder => services?.Invoke(builder.Services));

    public HttpClient Anonymous() => Server.Services.GetRequiredService<IServer>() is TestServer memory
        ? memory.CreateClient()
        : new HttpClient { BaseAddress = Server.Address };

    /// <summary>Installs a copy of a fixture as the model <c>tests/name</c>.</summary>
    /// <returns>Its folder.</returns>
    public string Install(string name, params string[] fixture)
    {
        string from = Fixture.Path(fixture), to = Path.Combine(Home.Path, "models", "tests", name);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }

    public HttpClient WithKey(HttpClient client, string? key = null)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Server.Keys.First);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Home.Dispose();
    }

    private static async Task<RunningServer> StartAsync(
        Func<ServerSettings, ServerSettings>? change, IModelLoader? loader, TimeProvider? time, Action<WebApplicationBuilder> configure)
    {
        var home = new TemporaryDirectory();
        var model = new FakeChatModel();
        var log = new RecordedLog();
        var settings = new ServerSettings { Data = DataDirectory.Locate(home.Path, _ => null), Port = 0, Model = model.Id };
        settings = change?.Invoke(settings) ?? settings;
        var server = await ImpetusServer.StartAsync(settings, builder =>
        {
            builder.Services.AddSingleton(provider => loader ?? new LoaderOf(model, provider.GetRequiredService<EngineModelLoader>()));
            builder.Services.AddSingleton<ILoggerProvider>(log);
            if (time is not null)
                builder.Services.AddSingleton(time);
            configure(builder);
        });
        if (loader is null)
            await server.Models.Loaded;
        return new(server, settings, home, model, log);
    }
}
