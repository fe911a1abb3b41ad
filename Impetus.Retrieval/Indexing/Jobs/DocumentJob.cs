using System.Text.Json;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>Adds one document whose bytes lie beside the job.</summary>
internal sealed class DocumentJob(LibraryDatabase database, DocumentIntake intake)
{
    /// <summary>The request without its bytes.</summary>
    public static string Request(NewDocument document) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", document.Name);
        writer.WriteString("source", document.Source);
        writer.WriteString("content_type", document.ContentType);
        writer.WriteString("title", document.Title);
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
        var document = Document(job.Row, database.Read(session => JobTable.Payload(session, job.Row.Id)));
        job.DocumentId = (await intake.AddAsync(document, job.Row.Id, job, cancellationToken).ConfigureAwait(false)).Document.Id;
        job.DocumentDone();
    }

    private static NewDocument Document(JobRow row, byte[] bytes)
    {
        var request = JsonText.ToElement(row.Request)!.Value;
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
