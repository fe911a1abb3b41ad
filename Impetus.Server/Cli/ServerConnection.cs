using System.Net.Http.Headers;
using System.Text.Json;
using Impetus.Server.Hosting;
using Impetus.Server.Security;

namespace Impetus.Server.Cli;

/// <summary>
/// The running server, as a command's client sees it; where none runs, one that the command hosts on a free port for as long as it
/// needs it.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private readonly ImpetusServer? _hosted;

    private ServerConnection(HttpClient client, ImpetusServer? hosted) => (Client, _hosted) = (client, hosted);

    /// <summary>Sends requests with the owner's key.</summary>
    public HttpClient Client { get; }

    /// <exception cref="SettingsException">The server does not take the key, or the port belongs to something else.</exception>
    public static async Task<ServerConnection> OpenAsync(ServerSettings settings, CancellationToken cancel)
    {
        string host = settings.Address is { } address && !address.ToString().StartsWith('0') && address.ToString() != "::"
            ? new UriBuilder("http", address.ToString()).Host
            : "localhost";
        var client = NewClient(new($"http://{host}:{settings.Port}/"), settings);
        try
        {
            using var about = await client.GetAsync("/", cancel);
            if (about.IsSuccessStatusCode && (await ReadAsync(about, cancel)).TryGetProperty("name", out var name) && name.ValueEquals("Impetus"))
                return new(client, null);
            throw new SettingsException(
                $"{client.BaseAddress} answers {(int)about.StatusCode}: it is no Impetus server, or one with another data directory. "
                    + $"Name yours with --port and --home, or its key with {SettingsReader.KeyVariable}.");
        }
        catch (HttpRequestException)
        {
            client.Dispose();
        }

        var server = await ImpetusServer.StartAsync(settings with { Port = 0, Address = null }, cancel: cancel);
        await server.Models.Loaded.WaitAsync(cancel);
        return new(NewClient(server.Address, settings), server);
    }

    /// <summary>The JSON of an answer.</summary>
    /// <exception cref="ServerAnswerException">The server refused; the message is its own.</exception>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancel);
        try
        {
            var json = JsonElement.Parse(body);
            return Refusal(json) is { } message ? throw new ServerAnswerException(message) : json;
        }
        catch (JsonException fault)
        {
            throw new ServerAnswerException($"The server answered {(int)response.StatusCode} without JSON.", fault);
        }
    }

    /// <summary>What an error envelope says; null if the JSON is none.</summary>
    public static string? Refusal(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("message", out var message) ? message.GetString() : null;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_hosted is not null)
            await _hosted.DisposeAsync();
    }

    private static HttpClient NewClient(Uri address, ServerSettings settings)
    {
        string key = settings.ApiKey ?? ApiKeys.Open(settings.Data).First;
        // A local model may think for longer than any default waits.
        return new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
    }
}

/// <summary>The server refused what a command asked.</summary>
internal sealed class ServerAnswerException(string message, Exception? cause = null) : Exception(message, cause);
