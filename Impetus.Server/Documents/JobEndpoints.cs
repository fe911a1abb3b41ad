using Impetus.Retrieval.Indexing;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>Jobs that add documents or embed collections anew.</summary>
internal static class JobEndpoints
{
    private static readonly Contract Paging = new("JobQuery", [LibraryFields.Limit, LibraryFields.After]);

    public static void MapDocumentJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/documents/jobs", ListAsync).Describe("Lists jobs, newest first.", () => DocumentsJson.Wire.JobList, query: Paging);
        routes.MapGet("/v1/documents/jobs/{id}", GetAsync).Describe(
            "Tells how far a job is; as a stream of events, with Accept: text/event-stream, until it is finished.",
            () => DocumentsJson.Wire.JobObject, parts: () => DocumentsJson.Wire.JobObject);
        routes.MapDelete("/v1/documents/jobs/{id}", CancelAsync).Describe(
            "Stops a job. What it has finished stays.", () => DocumentsJson.Wire.JobObject);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Paging);
        var page = (await DocumentEndpoints.Library(context)).ListJobs(fields.Get(LibraryFields.Limit) ?? 20, fields.Get(LibraryFields.After));
        await context.Response.WriteJsonAsync(JobList.Of(page), DocumentsJson.Wire.JobList);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        var job = library.FindJob(Id(context)) ?? throw Missing(context);
        if (!context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)))
        {
            await context.Response.WriteJsonAsync(JobObject.Of(job), DocumentsJson.Wire.JobObject);
            return;
        }

        var active = context.RequestServices.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        var stream = new EventStream(context);
        try
        {
            await foreach (var step in library.WatchJobAsync(job.Id, cancel.Token))
            {
                stream.Write(JobObject.Of(step), DocumentsJson.Wire.JobObject);
                await stream.FlushAsync();
            }

            await stream.DoneAsync();
        }
        catch (OperationCanceledException) when (active.CutOff.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await stream.ErrorAsync(ActiveRequests.ShuttingDown());
        }
    }

    private static async Task CancelAsync(HttpContext context)
    {
        var library = await DocumentEndpoints.Library(context);
        if (library.FindJob(Id(context)) is null)
            throw Missing(context);
        if (!await library.CancelJobAsync(Id(context), context.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, "The job is finished already.", "conflict", "id");
        await context.Response.WriteJsonAsync(JobObject.Of(library.FindJob(Id(context))!), DocumentsJson.Wire.JobObject);
    }

    private static string Id(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static ApiException Missing(HttpContext context) =>
        new(StatusCodes.Status404NotFound, $"There is no job '{Id(context)}'. GET /v1/documents/jobs lists those that are here.", "not_found", "id");
}
