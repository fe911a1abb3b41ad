using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Impetus.Server.Http;

/// <summary>A file of a form.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="ContentType">The media type that the sender stated, if any.</param>
/// <param name="Bytes">Its bytes.</param>
internal sealed record SentFile(string Name, string? ContentType, ReadOnlyMemory<byte> Bytes);

/// <summary>What a form may hold.</summary>
/// <param name="Contract">Its fields; those that are read as JSON have another type than <c>string</c>.</param>
/// <param name="MaxBytes">Of all files together.</param>
/// <param name="MaxFiles">How many parts named <see cref="FormBody.FileName"/>.</param>
internal sealed record FormShape(Contract Contract, long MaxBytes, int MaxFiles);

/// <summary>Reads a multipart form. Its parts but the files are fields, and go through a contract as those of a JSON body do.</summary>
internal static class FormBody
{
    /// <summary>The name of the parts that are files.</summary>
    public const string FileName = "file";

    private const int MaxFieldBytes = 64 << 10;
    private const int MaxFields = 32;
    private const int MaxBoundaryLength = 70;

    /// <summary>Whether the body of a request says that it is a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ApiException">It is no form, or lacks a file, or a field is wrong (400); or it is too large (413).</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, FormShape shape, Func<FieldReader, IReadOnlyList<SentFile>, T> read)
    {
        if (!IsForm(context.Request))
        {
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType,
                $"The Content-Type is {context.Request.ContentType ?? "missing"}. Send a multipart/form-data form.", "unsupported_media_type");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = shape.MaxBytes + (1 << 20);
        try
        {
            var (fields, files) = await ReadPartsAsync(context, shape);
            using var document = JsonDocument.Parse(fields.ToJsonString());
            var ignored = new IgnoredFields();
            var result = read(shape.Contract.Read(new(document.RootElement, "", ignored)), files);
            ignored.WriteTo(context.Response);
            return result;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ApiException.Invalid(null, $"The form cannot be read: {fault.Message}", "invalid_form");
        }
    }

    private static async Task<(JsonObject Fields, List<SentFile> Files)> ReadPartsAsync(HttpContext context, FormShape shape)
    {
        var types = shape.Contract.All.ToDictionary(field => field.Name, field => (string?)field.Schema()["type"], StringComparer.Ordinal);
        var reader = new MultipartReader(Boundary(context.Request), context.Request.Body);
        var fields = new JsonObject();
        var files = new List<SentFile>();
        long room = shape.MaxBytes;
        while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } part)
        {
            if (part.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
                throw ApiException.Invalid(null, "A part of the form has no name.", "invalid_form");
            if (name != FileName)
            {
                if (fields.Count == MaxFields)
                    throw ApiException.Invalid(null, $"The form has more than {MaxFields} fields.", "invalid_form");
                byte[] value = await ReadAsync(part.Body, MaxFieldBytes, MaxFieldBytes, name, context.RequestAborted);
                if (!fields.TryAdd(name, ToJson(name, value, types.GetValueOrDefault(name))))
                    throw ApiException.Invalid(name, $"{name} is given twice.", "invalid_form");
                continue;
            }

            if (files.Count == shape.MaxFiles)
                throw ApiException.Invalid(name, $"The form has more than {(shape.MaxFiles == 1 ? "one file" : $"{shape.MaxFiles} files")}.");
            byte[] bytes = await ReadAsync(part.Body, room, shape.MaxBytes, name, context.RequestAborted);
            room -= bytes.Length;
            files.Add(new(NameOf(disposition), part.ContentType, bytes));
        }

        if (files.Count == 0)
            throw ApiException.Invalid(FileName, $"The form has no file. Send one as the part named {FileName}.", "missing_required_parameter");
        // The contract asks for the file as for any required field.
        fields[FileName] = files[0].Name;
        return (fields, files);
    }

    private static string Boundary(HttpRequest request) =>
        HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? boundary
            : throw ApiException.Invalid(null, $"The Content-Type has no boundary of 1 to {MaxBoundaryLength} characters.", "invalid_form");

    /// <summary>The last part of the file's name: some programs send a whole path.</summary>
    private static string NameOf(ContentDispositionHeaderValue disposition)
    {
        string name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length > 0 ? name : throw ApiException.Invalid(FileName, "The file has no name. Send one as its filename.");
    }

    private static JsonNode? ToJson(string name, byte[] value, string? type)
    {
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value);
            return type is null or "string" ? text : JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (DecoderFallbackException)
        {
            throw ApiException.Invalid(name, $"{name} is not UTF-8.");
        }
        catch (JsonException fault)
        {
            throw ApiException.Invalid(name, $"{name} is not JSON: {fault.Message}");
        }
    }

    private static async Task<byte[]> ReadAsync(Stream body, long room, long limit, string name, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        byte[] block = new byte[64 << 10];
        for (int count; (count = await body.ReadAsync(block, cancel)) > 0;)
        {
            if (buffer.Length + count > room)
                throw new ApiException(
                    StatusCodes.Status413PayloadTooLarge, $"{name} is larger than the limit of {Size(limit)}. Split it.", "too_large", name);
            buffer.Write(block, 0, count);
        }

        return buffer.ToArray();
    }

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MB" : $"{bytes >> 10} KB";
}
