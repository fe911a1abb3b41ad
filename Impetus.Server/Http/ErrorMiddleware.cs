using System.Globalization;
using Impetus.Engine.Embedding;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Documents;
using Impetus.Server.Hosting;
using Impetus.Server.OpenAi;

namespace Impetus.Server.Http;

/// <summary>Turns whatever goes wrong into OpenAI's error envelope.</summary>
internal static class ErrorMiddleware
{
    public static void UseErrorEnvelopes(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && Bare(context) is { } error)
                await WriteAsync(context, error);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            RequestRecord.Of(context).ErrorCode = "client_left";
        }
        catch (Exception fault)
        {
            var error = Describe(fault, context);
            RequestRecord.Of(context).ErrorCode = error.Code;
            LogIfUnexpected(fault, error, context);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await WriteAsync(context, error);
        }
    });

    /// <summary>The error that stands for a fault. What we did not expect is told by its request id alone.</summary>
    public static ApiException Describe(Exception fault, HttpContext context) => fault switch
    {
        ApiException error => error,
        LibraryException library => LibraryErrors.Describe(library),
        EmbeddingException embedding => EmbeddingErrors.Describe(embedding, null),
        OperationCanceledException or ObjectDisposedException when context.RequestServices.GetRequiredService<ActiveRequests>().IsStopping =>
            ActiveRequests.ShuttingDown(),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => RequestBody.TooLarge(),
        BadHttpRequestException bad => new(bad.StatusCode, $"The request could not be read: {bad.Message}", "bad_request"),
        _ => new(
            StatusCodes.Status500InternalServerError,
            $"The server failed on this request. Its log has the details under {RequestRecord.Of(context).Id}.",
            "internal_error"),
    };

    /// <summary>Logs what is a defect of ours, with all that is known of it.</summary>
    public static void LogIfUnexpected(Exception fault, ApiException error, HttpContext context)
    {
        if (error.Status == StatusCodes.Status500InternalServerError)
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Impetus.Requests")
                .LogError(fault, "Request {RequestId} failed", RequestRecord.Of(context).Id);
    }

    private static async Task WriteAsync(HttpContext context, ApiException error)
    {
        var response = context.Response;
        RequestRecord.Of(context).ErrorCode = error.Code;
        response.StatusCode = error.Status;
        if (error.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await response.WriteJsonAsync(ErrorEnvelope.Of(error), CommonJson.Wire.ErrorEnvelope);
    }

    // Routing answers with a status alone.
    private static ApiException? Bare(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new(
                404, $"There is no {request.Method} {request.Path}. GET /openapi.json lists what there is.", "not_found"),
            StatusCodes.Status405MethodNotAllowed => new(
                405, $"{request.Path} does not take {request.Method}; it takes {response.Headers.Allow}.", "method_not_allowed"),
            _ => null,
        };
    }
}
