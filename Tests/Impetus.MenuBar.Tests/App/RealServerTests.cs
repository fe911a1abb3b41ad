using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.Tests.App;

/// <summary>The real server in this process, with the starter model, as the app hosts it.</summary>
[Trait("Weights", "real")]
public sealed class RealServerTests
{
    // IMPETUS_ROUNDS asks for more.
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("IMPETUS_ROUNDS"), out int rounds) ? rounds : 5;

    [Fact]
    public async Task It_starts_chats_stops_frees_its_port_and_starts_again()
    {
        using var home = new TemporaryData();
        var host = new CountingHost();
        var settings = new ServerSettings { Data = home.Data, Port = 0, ApiKey = "sk-impetus-0123456789", Threads = 2 };
        await using var controller = new ServerController(host, new Strings(new CultureInfo("en")));

        for (int round = 0; round < Rounds; round++)
        {
            await controller.StartAsync(settings);
            await controller.Now.Server!.FirstModelLoaded;
            var server = controller.Now.Server;
            Assert.Contains("Paris", await ChatAsync(server), StringComparison.Ordinal);
            int port = server.Address.Port;

            Assert.True(await controller.StopAsync());
            Assert.IsType<ServerState.Stopped>(controller.Now.State);
            using (var free = new TcpListener(System.Net.IPAddress.Loopback, port))
                free.Start();
            // The same port serves the next round.
            settings = settings with { Port = port };
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(Rounds, host.Started.Count);
        Assert.True(host.Started.Count(server => server.IsAlive) <= 1, "Servers that were stopped are still held.");
    }

    private static async Task<string> ChatAsync(IHostedServer server)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        string body = $$"""
            {"model": "{{StarterModels.Chat}}", "temperature": 0, "max_tokens": 12,
             "messages": [{"role": "user", "content": "What is the capital of France?"}]}
            """;
        using var answer = await client.PostAsync("/v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    private sealed class CountingHost : IServerHost
    {
        private readonly ImpetusServerHost _real = new();

        public List<WeakReference> Started { get; } = [];

        public async Task<IHostedServer> StartAsync(ServerSettings settings, CancellationToken cancel)
        {
            var server = await _real.StartAsync(settings, cancel);
            Started.Add(new WeakReference(server));
            return server;
        }
    }
}
