using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Impetus.Server;
using Impetus.Server.Hosting;
using Impetus.Tests;

namespace Impetus.EndToEnd.Tests;

/// <summary>The whole product on real sockets, with the starter models and a data directory of its own.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly DirectoryInfo _home;
    private readonly ImpetusServer _server;

    private LocalServer(DirectoryInfo home, ImpetusServer server)
    {
        (_home, _server) = (home, server);
        Client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Keys.First);
    }

    /// <summary>A client with the first key.</summary>
    public HttpClient Client { get; }

    /// <summary>The library's database, and what SQLite keeps beside it.</summary>
    public IEnumerable<string> LibraryFiles => Directory.EnumerateFiles(Path.Combine(_home.FullName, "library"), "library.db*");

    /// <summary>Starts the server; returns when its chat model can answer.</summary>
    public static async Task<LocalServer> StartAsync()
    {
        var home = Directory.CreateTempSubdirectory("impetus-end-to-end-");
        var server = await ImpetusServer.StartAsync(new ServerSettings { Data = DataDirectory.Locate(home.FullName, _ => null), Port = 0 });
        await server.Models.Loaded;
        return new(home, server);
    }

    /// <summary>Uploads a file of <c>Tests/Fixtures/documents</c> as a form.</summary>
    public async Task<JsonElement> UploadAsync(string name)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Fixture.Path("documents", name))), "file", name } };
        return await OkAsync(await Client.PostAsync("/v1/documents", form));
    }

    public async Task<JsonElement> PostAsync(string path, string body) =>
        await OkAsync(await Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json")));

    public async Task<JsonElement> GetAsync(string path) => await OkAsync(await Client.GetAsync(path));

    public async Task<JsonElement> DeleteAsync(string path) => await OkAsync(await Client.DeleteAsync(path));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _home.Delete(recursive: true);
    }

    private static async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }
}
