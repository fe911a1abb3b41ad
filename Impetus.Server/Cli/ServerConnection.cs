using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
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

    /// <param name="settings">Where the server is, or how one is hosted.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <param name="need">Which server will do.</param>
    /// <exception cref="SettingsException">The server does not take the key, or the port belongs to something else.</exception>
    /// <exception cref="ServerAnswerException">None runs, and one must.</exception>
    public static async Task<ServerConnection> OpenAsync(ServerSettings settings, CancellationToken cancel, ServerNeed need = ServerNeed.Model)
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

        if (need == ServerNeed.Running)
            throw new ServerAnswerException($"No server runs on port {settings.Port}. Start it with: impetus serve");
        var server = await ImpetusServer.StartAsync(settings with { Port = 0, Address = null }, cancel: cancel);
        if (need == ServerNeed.Model)
            await server.Models.Loaded.WaitAsync(cancel);
        return new(NewClient(server.Address, settings), server);
    }

    /// <summary>Asks for something.</summary>
    /// <exception cref="ServerAnswerException">The server refused.</exception>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        using var response = await Client.GetAsync(path, cancel);
        return await ReadAsync(response, cancel);
    }

    /// <summary>Sends an object.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="members">Writes its members.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="ServerAnswerException">The server refused.</exception>
    public async Task<JsonElement> PostAsync(string path, Action<Utf8JsonWriter> members, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        using var content = new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await Client.PostAsync(path, content, cancel);
        return await ReadAsync(response, cancel);
    }

    /// <summary>Removes something.</summary>
    /// <exception cref="ServerAnswerException">The server refused.</exception>
    public async Task<JsonElement> DeleteAsync(string path, CancellationToken cancel)
    {
        using var response = await Client.DeleteAsync(path, cancel);
        return await ReadAsync(response, cancel);
    }

    /// <summary>Follows what happens in the server.</summary>
    public async IAsyncEnumerable<JsonElement> EventsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await Client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead, cancel);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await lines.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
                yield return JsonElement.Parse(line["data: ".Length..]);
        }
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

/// <summary>Which server a command works with.</summary>
internal enum ServerNeed
{
    /// <summary>The running one, or one that the command hosts, when its model can answer.</summary>
    Model,

    /// <summary>The same, whatever becomes of its model.</summary>
    Any,

    /// <summary>The running one alone: what is asked would end with a hosted one.</summary>
    Running,
}

/// <summary>The server refused what a command asked.</summary>
internal sealed class ServerAnswerException(string message, Exception? cause = null) : Exception(message, cause);
