using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>What became of a file.</summary>
/// <param name="Path">Its full path, which is the document's source.</param>
/// <param name="Outcome"><c>created</c>, <c>replaced</c>, <c>unchanged</c>, <c>added</c> (by a job) or <c>failed</c>.</param>
/// <param name="DocumentId">The document; null if it failed.</param>
/// <param name="Chunks">Its passages.</param>
/// <param name="Code">Why it failed, for machines.</param>
/// <param name="Message">Why it failed, for people.</param>
internal sealed record UploadedFile(string Path, string Outcome, string? DocumentId, int Chunks, string? Code, string? Message)
{
    public string Describe() => Message is null ? $"{Outcome} {Path} ({Chunks} passages)" : $"{Outcome} {Path}: {Message}";

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteText("path", Path);
        json.WriteString("outcome", Outcome);
        json.WriteString("document_id", DocumentId);
        json.WriteNumber("chunks", Chunks);
        json.WriteString("code", Code);
        json.WriteString("message", Message);
        json.WriteEndObject();
    }
}

/// <summary>Sends files to a server and waits until they can be found. Thread safe.</summary>
internal sealed class DocumentUpload(HttpClient client, string? collection)
{
    /// <summary>The outcome of a file that the server, or the disk, refuses.</summary>
    public const string Failed = "failed";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether a path is an address, which the server fetches.</summary>
    public static bool IsUrl(string path) =>
        path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <param name="path">A full path, or an address.</param>
    /// <param name="advanced">Told, now and then, how far the job of a large file is.</param>
    /// <param name="cancel">Gives up waiting; a job goes on.</param>
    public async Task<UploadedFile> AddAsync(string path, Func<JsonElement, Task> advanced, CancellationToken cancel)
    {
        try
        {
            var answer = IsUrl(path) ? await OrderAsync(path, cancel) : await SendAsync(path, cancel);
            if (Refusal(path, answer) is { } refused)
                return refused;
            return answer.GetProperty("job") is { ValueKind: JsonValueKind.Object } job
                ? await FinishAsync(path, job.GetProperty("id").GetString()!, advanced, cancel)
                : Added(path, answer.GetProperty("outcome").GetString()!, answer.GetProperty("document"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new(path, Failed, null, 0, "unreadable", fault.Message);
        }
    }

    private async Task<JsonElement> SendAsync(string path, CancellationToken cancel)
    {
        await using var bytes = File.OpenRead(path);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(path), "source" },
            { new StringContent(File.GetLastWriteTimeUtc(path).ToString("O", CultureInfo.InvariantCulture)), "modified" },
        };
        if (collection is not null)
            form.Add(new StringContent(collection), "collection");
        form.Add(new StreamContent(bytes), "file", Path.GetFileName(path));
        using var response = await client.PostAsync("/v1/documents", form, cancel);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
    }

    private async Task<JsonElement> OrderAsync(string url, CancellationToken cancel)
    {
        using var content = JsonWriting.Content(json =>
        {
            json.WriteStartObject();
            json.WriteString("url", url);
            if (collection is not null)
                json.WriteString("collection", collection);
            json.WriteEndObject();
        });
        using var response = await client.PostAsync("/v1/documents", content, cancel);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
    }

    private async Task<UploadedFile> FinishAsync(string path, string job, Func<JsonElement, Task> advanced, CancellationToken cancel)
    {
        var ended = await FollowAsync(job, advanced, cancel);
        if (ended.GetProperty("status").GetString() != "succeeded")
        {
            string? code = ended.GetProperty("failures").EnumerateArray().Select(failure => failure.GetProperty("code").GetString()).FirstOrDefault();
            return new(path, Failed, null, 0, code ?? ended.GetProperty("status").GetString(), ended.GetProperty("error").GetString() ?? "The job was stopped.");
        }

        using var response = await client.GetAsync($"/v1/documents/{ended.GetProperty("document_id").GetString()}", cancel);
        return Added(path, "added", await ServerConnection.ReadAsync(response, cancel));
    }

    /// <summary>Reads a job's events until it is finished.</summary>
    private async Task<JsonElement> FollowAsync(string job, Func<JsonElement, Task> advanced, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/documents/jobs/{job}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        JsonElement last = default;
        long said = Environment.TickCount64;
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
                continue;
            last = JsonElement.Parse(line["data: ".Length..]);
            if (ServerConnection.Refusal(last) is { } refused)
                throw new ServerAnswerException(refused);
            if (Environment.TickCount64 - said >= Pause.TotalMilliseconds)
            {
                said = Environment.TickCount64;
                await advanced(last);
            }
        }

        return last.ValueKind == JsonValueKind.Object ? last : throw new ServerAnswerException("The server told nothing of the job.");
    }

    private static UploadedFile? Refusal(string path, JsonElement answer) => ServerConnection.Refusal(answer) is { } message
        ? new(path, Failed, null, 0, answer.GetProperty("error").GetProperty("code").GetString(), message)
        : null;

    private static UploadedFile Added(string path, string outcome, JsonElement document) =>
        new(path, outcome, document.GetProperty("id").GetString(), document.GetProperty("chunks").GetInt32(), null, null);
}
