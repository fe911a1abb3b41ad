using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>A streamed chat completion, as commands that are clients of the server read it.</summary>
internal static class ChatEvents
{
    /// <summary>Sends a request that asks for a stream, and gives each event's JSON as it comes.</summary>
    /// <exception cref="ServerAnswerException">The server refused, at once or in the middle; the message is its own.</exception>
    public static async IAsyncEnumerable<JsonElement> SendAsync(
        HttpClient client, Action<Utf8JsonWriter> body, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        await using (var json = new Utf8JsonWriter(bytes))
            body(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(bytes.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            await ServerConnection.ReadAsync(response, cancel);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await events.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
                continue;
            var step = JsonElement.Parse(line["data: ".Length..]);
            if (ServerConnection.Refusal(step) is { } refusal)
                throw new ServerAnswerException(refusal);
            yield return step;
        }
    }

    /// <summary>The text that an event adds; empty where it adds none.</summary>
    public static string Text(JsonElement step) => string.Concat(step.GetProperty("choices").EnumerateArray()
        .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : null));
}
