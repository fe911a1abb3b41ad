using Impetus.Retrieval.Indexing;

namespace Impetus.Server.Documents;

/// <summary>A job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>document.job</c>.</param>
/// <param name="Kind"><c>document</c>, <c>folder</c> or <c>reindex</c>.</param>
/// <param name="Status"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Collection">What it works on.</param>
/// <param name="DocumentId">The document that it made, if it was to make one.</param>
/// <param name="DocumentsDone">Finished, failed ones included.</param>
/// <param name="DocumentsTotal">Known so far.</param>
/// <param name="ChunksDone">Embedded and written.</param>
/// <param name="ChunksTotal">Known so far.</param>
/// <param name="SecondsLeft">By the pace so far; null before there is one.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Failures">Documents that could not be added.</param>
/// <param name="Created">Seconds since 1970.</param>
internal sealed record JobObject(
    string Id,
    string Object,
    string Kind,
    string Status,
    string Collection,
    string? DocumentId,
    int DocumentsDone,
    int DocumentsTotal,
    int ChunksDone,
    int ChunksTotal,
    double? SecondsLeft,
    string? Error,
    IReadOnlyList<FailureObject> Failures,
    long Created)
{
    public static JobObject Of(IngestJob job) => new(
        job.Id, "document.job", Wire.Name(job.Kind), Wire.Name(job.State), job.Collection, job.DocumentId, job.DocumentsDone, job.DocumentsTotal,
        job.ChunksDone, job.ChunksTotal, job.SecondsLeft, job.Error,
        [.. job.Failures.Select(failure => new FailureObject(failure.Source, failure.Code, failure.Message))], job.Created.ToUnixTimeSeconds());
}

/// <param name="Source">Which document.</param>
/// <param name="Code">The reason, for machines.</param>
/// <param name="Message">The reason, for people.</param>
internal sealed record FailureObject(string Source, string Code, string Message);

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">Newest first.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="Next">Pass it as <c>after</c> for the next page.</param>
internal sealed record JobList(string Object, IReadOnlyList<JobObject> Data, bool HasMore, string? Next)
{
    public static JobList Of(Page<IngestJob> page) => new("list", [.. page.Items.Select(JobObject.Of)], page.Next is not null, page.Next);
}
