using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>Adds what is in a folder. Interrupted, it goes through the folder again: files that are there already cost one hash.</summary>
internal sealed class FolderJob(DocumentIntake intake, LibraryOptions options)
{
    public static string Request(FolderSource folder) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("path", folder.Path);
        writer.WriteStartArray("ignore");
        foreach (string pattern in folder.Ignore)
            writer.WriteStringValue(pattern);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public async Task RunAsync(LiveJob job, CancellationToken cancellationToken)
    {
        var request = JsonText.ToElement(job.Row.Request)!.Value;
        var folder = new FolderSource(request.GetProperty("path").GetString()!)
        {
            Collection = job.Row.Collection,
            Ignore = [.. request.GetProperty("ignore").EnumerateArray().Select(pattern => pattern.GetString()!)],
        };
        var files = FolderScan.Files(folder);
        job.Expect(files.Count);
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken },
            async (file, token) => await AddAsync(job, folder, file, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task AddAsync(LiveJob job, FolderSource folder, string file, CancellationToken cancellationToken)
    {
        try
        {
            var document = await FolderScan.ReadAsync(folder, file, options.MaxFileBytes, cancellationToken).ConfigureAwait(false);
            await intake.AddAsync(intake.Check(document), null, job, cancellationToken).ConfigureAwait(false);
            job.DocumentDone();
        }
        catch (LibraryException e) when (e.Fault is LibraryFault.DiskFull or LibraryFault.Damaged or LibraryFault.ReadOnly or LibraryFault.ModelMissing)
        {
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            job.DocumentFailed(JobFailures.Of(file, e));
        }
    }
}
