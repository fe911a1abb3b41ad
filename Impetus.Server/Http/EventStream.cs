using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Impetus.Server.Http;

/// <summary>
/// Server-sent events to one client. The status is sent with the first of them, so that what goes wrong before is answered with
/// a status of its own. Not thread safe.
/// </summary>
internal sealed class EventStream(HttpContext context)
{
    private readonly HttpResponse _response = context.Response;

    /// <summary>Whether anything was written, so that an error must be an event too.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Writes an event. It leaves with the next flush.</summary>
    /// <param name="value">What it carries.</param>
    /// <param name="type">How that is written.</param>
    /// <param name="id">Where a client that comes back may go on; one line.</param>
    /// <param name="name">What kind of event it is; one line.</param>
    public void Write<T>(T value, JsonTypeInfo<T> type, string? id = null, string? name = null)
    {
        Start();
        var writer = _response.BodyWriter;
        if (id is not null)
            writer.Write(Encoding.UTF8.GetBytes($"id: {id}\n"));
        if (name is not null)
            writer.Write(Encoding.UTF8.GetBytes($"event: {name}\n"));
        writer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(writer, new() { Encoder = type.Options.Encoder, SkipValidation = true }))
            JsonSerializer.Serialize(json, value, type);
        writer.Write("\n\n"u8);
    }

    /// <summary>Writes a comment, which clients skip, and sends it: the connection is seen to be alive.</summary>
    public Task CommentAsync(string text)
    {
        Start();
        _response.BodyWriter.Write(Encoding.UTF8.GetBytes($": {text}\n\n"));
        return FlushAsync();
    }

    /// <summary>The last event of a stream that ends well.</summary>
    public Task DoneAsync()
    {
        Start();
        _response.BodyWriter.Write("data: [DONE]\n\n"u8);
        return FlushAsync();
    }

    /// <summary>The last event of a stream that fails.</summary>
    public Task ErrorAsync(ApiException error)
    {
        Write(ErrorEnvelope.Of(error), CommonJson.Wire.ErrorEnvelope);
        return FlushAsync();
    }

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync()
    {
        var result = await _response.BodyWriter.FlushAsync(context.RequestAborted);
        if (result.IsCompleted)
            throw new OperationCanceledException(context.RequestAborted);
    }

    private void Start()
    {
        if (HasStarted)
            return;
        HasStarted = true;
        _response.ContentType = "text/event-stream; charset=utf-8";
        _response.Headers.CacheControl = "no-cache";
        // Proxies that buffer would hold the answer back until it is whole.
        _response.Headers["X-Accel-Buffering"] = "no";
    }
}
