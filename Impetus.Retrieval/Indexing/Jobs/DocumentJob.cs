using System.Text.Json;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>Adds one document whose bytes lie beside the job, or in a file that is kept.</summary>
internal sealed class DocumentJob(LibraryDatabase database, DocumentIntake intake)
{
    /// <summary>The request without its bytes.</summary>
    /// <param name="document">The document.</param>
    /// <param name="file">The file that holds the bytes; null where the job has them.</param>
    public static string Request(NewDocument document, string? file = null) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", document.Name);
        writer.WriteString("source", document.Source);
        writer.WriteString("content_type", document.ContentType);
        writer.WriteString("title", document.Title);
        if (file is not null)
            writer.WriteString("file", file);
        if (document.Modified is { } modified)
            writer.WriteNumber("modified", modified.ToUnixTimeMilliseconds());
        if (document.Metadata is { ValueKind: JsonValueKind.Object } metadata)
        {
            writer.WritePropertyName("metadata");
            metadata.WriteTo(writer);
        }
        writer.WriteEndObject();
    });

    public async Task RunAsync(LiveJob job, CancellationToken cancellationToken)
    {
        job.Expect(documents: 1);
        var document = Document(job.Row);
        try
        {
            job.DocumentId = (await intake.AddAsync(document, job.Row.Id, job, cancellationToken).ConfigureAwait(false)).Document.Id;
            job.DocumentDone();
        }
        catch (LibraryException e) when (e.Fault is LibraryFault.Unreadable or LibraryFault.TooLarge)
        {
            job.DocumentFailed(JobFailures.Of(document.Source ?? document.Name, e));
            throw;
        }
    }

    private NewDocument Document(JobRow row)
    {
        var request = JsonText.ToElement(row.Request)!.Value;
        byte[] bytes = database.Read(session => !request.TryGetProperty("file", out var file) ? JobTable.Payload(session, row.Id)
            : FileTable.Find(session, file.GetString()!) is { } kept ? FileTable.Content(session, kept)
            : throw new LibraryException(LibraryFault.NotFound, "The file was deleted before it could be read."));
        return new NewDocument(request.GetProperty("name").GetString()!, bytes)
        {
            Collection = row.Collection,
            Source = request.GetProperty("source").GetString(),
            ContentType = request.GetProperty("content_type").GetString(),
            Title = request.GetProperty("title").GetString(),
            Modified = request.TryGetProperty("modified", out var modified) ? DateTimeOffset.FromUnixTimeMilliseconds(modified.GetInt64()) : null,
            Metadata = request.TryGetProperty("metadata", out var metadata) ? metadata : null,
        };
    }
}
