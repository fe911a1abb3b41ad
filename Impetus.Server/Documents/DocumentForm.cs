using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Reading;
using Impetus.Server.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Impetus.Server.Documents;

/// <summary>Reads a multipart form with one file. Its other parts are fields, and go through the same contract as those of a JSON body.</summary>
internal static class DocumentForm
{
    /// <summary>The largest file, in bytes.</summary>
    public static readonly long MaxFileBytes = ReadingLimits.Default.FileBytes;

    private const int MaxFieldBytes = 64 << 10;
    private const int MaxParts = 32;
    private const int MaxBoundaryLength = 70;

    /// <summary>Whether the body of a request says that it is a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ApiException">It is no form, or has not one file, or a field is wrong (400); or it is too large (413).</exception>
    public static async Task<NewDocument> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxFileBytes + (1 << 20);
        try
        {
            return await ReadPartsAsync(context);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ApiException.Invalid(null, $"The form cannot be read: {fault.Message}", "invalid_form");
        }
    }

    private static async Task<NewDocument> ReadPartsAsync(HttpContext context)
    {
        var reader = new MultipartReader(Boundary(context.Request), context.Request.Body);
        var fields = new JsonObject();
        (string Name, string? Type, byte[] Bytes)? file = null;
        for (int parts = 0; await reader.ReadNextSectionAsync(context.RequestAborted) is { } part; parts++)
        {
            if (parts == MaxParts)
                throw ApiException.Invalid(null, $"The form has more than {MaxParts} parts.", "invalid_form");
            if (part.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
                throw ApiException.Invalid(null, "A part of the form has no name.", "invalid_form");
            if (name != DocumentRequest.File.Name)
            {
                if (!fields.TryAdd(name, ToJson(name, await ReadAsync(part.Body, MaxFieldBytes, name, context.RequestAborted))))
                    throw ApiException.Invalid(name, $"{name} is given twice.", "invalid_form");
                continue;
            }

            if (file is not null)
                throw ApiException.Invalid(name, "The form has two files. Send one file with each request, so that each has an answer of its own.");
            file = (FileName(disposition), part.ContentType, await ReadAsync(part.Body, MaxFileBytes, name, context.RequestAborted));
        }

        if (file is not var (fileName, type, bytes))
            throw ApiException.Invalid(DocumentRequest.File.Name, "The form has no file. Send one as the part named file.", "missing_required_parameter");
        // The contract asks for the file as for any required field.
        fields[DocumentRequest.File.Name] = fileName;
        using var document = JsonDocument.Parse(fields.ToJsonString());
        var ignored = new IgnoredFields();
        var result = DocumentRequest.Read(new(document.RootElement, "", ignored), fileName, type, bytes);
        ignored.WriteTo(context.Response);
        return result;
    }

    private static string Boundary(HttpRequest request) =>
        HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? boundary
            : throw ApiException.Invalid(null, $"The Content-Type has no boundary of 1 to {MaxBoundaryLength} characters.", "invalid_form");

    /// <summary>The last part of the file's name: some programs send a whole path.</summary>
    private static string FileName(ContentDispositionHeaderValue disposition)
    {
        string name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length > 0 ? name : throw ApiException.Invalid(DocumentRequest.File.Name, "The file has no name. Send one as its filename.");
    }

    private static JsonNode? ToJson(string name, byte[] value)
    {
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value);
            return name == LibraryFields.Metadata.Name ? JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) : text;
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

    private static async Task<byte[]> ReadAsync(Stream body, long limit, string name, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        byte[] block = new byte[64 << 10];
        for (int count; (count = await body.ReadAsync(block, cancel)) > 0;)
        {
            if (buffer.Length + count > limit)
                throw new ApiException(
                    StatusCodes.Status413PayloadTooLarge, $"{name} is larger than the limit of {Size(limit)}. Split it.", "too_large", name);
            buffer.Write(block, 0, count);
        }

        return buffer.ToArray();
    }

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MB" : $"{bytes >> 10} KB";
}
