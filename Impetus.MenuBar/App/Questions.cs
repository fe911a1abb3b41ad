using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Impetus.MenuBar.App;

/// <summary>Asks the running server, as any program would: over HTTP, with a key. The documents of the library are asked first.</summary>
/// <param name="running">The server; null while none runs.</param>
/// <param name="model">The id of the model that answers.</param>
internal sealed class Questions(Func<IHostedServer?> running, Func<string> model) : IDisposable
{
    private const string Data = "data: ";

    // An answer takes as long as it takes; the user can cancel.
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The answer, piece by piece.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says why.</exception>
    public async IAsyncEnumerable<string> AskAsync(string question, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (running() is not { } server)
            throw new InvalidOperationException("The server does not run.");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "v1/chat/completions"))
        {
            Content = new StringContent(Body(question, model(), server.Library.Documents > 0), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        using var answer = await SendAsync(request, cancel);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line && line != Data + "[DONE]")
        {
            if (line.StartsWith(Data, StringComparison.Ordinal) && Piece(line[Data.Length..]) is { Length: > 0 } piece)
                yield return piece;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Body(string question, string model, bool fromDocuments)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["stream"] = true,
            // The same question gets the same answer.
            ["temperature"] = 0,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
        };
        if (fromDocuments)
            body["retrieval"] = new JsonObject();
        return body.ToJsonString();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw Refusal(await answer.Content.ReadAsStringAsync(cancel));
    }

    private static string? Piece(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.TryGetProperty("error", out _))
            throw Refusal(json);
        return document.RootElement.GetProperty("choices") is { } choices && choices.GetArrayLength() > 0
            && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
            ? content.GetString()
            : null;
    }

    private static InvalidOperationException Refusal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.GetProperty("error").GetProperty("message").GetString());
    }
}
