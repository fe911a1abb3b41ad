using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Impetus.Server.Http;

/// <summary>Reads a JSON body within bounds, and says exactly what is wrong with one that cannot be read.</summary>
internal static class RequestBody
{
    /// <summary>The largest JSON body, in bytes.</summary>
    public const int MaxBytes = 32 << 20;

    private const int MaxDepth = 64;

    public static ApiException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, $"The body is larger than the limit of {MaxBytes >> 20} MB.", "body_too_large");

    /// <summary>Reads a JSON body (one value, no duplicate names, at most 64 levels deep) and tells which fields were ignored.</summary>
    /// <exception cref="ApiException">It is not JSON or not what was expected (400), too large (413), or of another kind (415).</exception>
    public static Task<T> ReadAsync<T>(HttpContext context, Func<RequestValue, T> read) =>
        ReadAsync(context, body => Task.FromResult(read(body)));

    /// <summary>The same, where the body says what must be waited for before it can be read to its end.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext context, Func<RequestValue, Task<T>> read)
    {
        CheckType(context.Request);
        using var document = Parse(await ReadBytesAsync(context.Request));
        var ignored = new IgnoredFields();
        var result = await read(new(document.RootElement, "", ignored));
        ignored.WriteTo(context.Response);
        return result;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length == 0)
            throw ApiException.Invalid(null, "The body is empty. Send a JSON object.", "invalid_json");
        if (!Utf8.IsValid(body.Span))
            throw ApiException.Invalid(null, "The body is not UTF-8.", "invalid_json");
        try
        {
            return JsonDocument.Parse(body, new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException fault)
        {
            throw ApiException.Invalid(null, $"The body is not valid JSON{Position(fault)}: {Reason(fault)}", "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // A name with half of a surrogate pair fails when names are compared.
            throw ApiException.Invalid(null, "The body is not valid JSON: a name holds half of a surrogate pair.", "invalid_json");
        }
    }

    private static void CheckType(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            throw Unsupported($"Content-Encoding {request.Headers.ContentEncoding} is not supported. Send the body uncompressed.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Unsupported($"The Content-Type is {request.ContentType ?? "missing"}. Send 'Content-Type: application/json'.");
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw Unsupported($"The charset is {type.Charset}. Send UTF-8.");
    }

    private static ApiException Unsupported(string message) =>
        new(StatusCodes.Status415UnsupportedMediaType, message, "unsupported_media_type");

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
            throw TooLarge();
        while (true)
        {
            var result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (result.Buffer.Length > MaxBytes)
                throw TooLarge();
            if (result.IsCompleted)
            {
                byte[] body = result.Buffer.ToArray();
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static string Position(JsonException fault) =>
        fault.LineNumber is { } line ? $" (line {line + 1}, byte {fault.BytePositionInLine + 1})" : "";

    // The position is told in our own words.
    private static string Reason(JsonException fault)
    {
        int end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[..end];
    }
}
