using System.Text.Json;

namespace Impetus.Server.Tests.Support;

/// <summary>The lines of an event stream as a client sees them.</summary>
internal static class EventReader
{
    /// <summary>Sends a request and returns when the headers are there.</summary>
    public static Task<HttpResponseMessage> OpenAsync(this HttpClient client, string path, string body, CancellationToken cancel = default) =>
        client.SendAsync(new(HttpMethod.Post, path) { Content = HttpExtensions.Json(body) }, HttpCompletionOption.ResponseHeadersRead, cancel);

    /// <summary>Each line that is not empty, comments included, as it arrives.</summary>
    public static async IAsyncEnumerable<string> LinesAsync(this HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }

    /// <summary>The events' objects up to <c>[DONE]</c>, which must be the last.</summary>
    public static async Task<List<JsonElement>> EventsAsync(this HttpResponseMessage response)
    {
        var lines = await response.LinesAsync().Where(line => !line.StartsWith(':')).ToListAsync();
        Assert.Equal("data: [DONE]", lines[^1]);
        return [.. lines[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement)];
    }
}
