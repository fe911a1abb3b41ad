using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>A job's list of failures as a JSON column.</summary>
internal static class JobFailures
{
    public static string? Write(IReadOnlyList<IngestFailure> failures) => failures.Count == 0 ? null : JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var failure in failures)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(failure.Source);
            writer.WriteStringValue(failure.Code);
            writer.WriteStringValue(failure.Message);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    });

    public static IReadOnlyList<IngestFailure> Read(string? text) => JsonText.ToElement(text) is { } array
        ? [.. array.EnumerateArray().Select(item => new IngestFailure(item[0].GetString()!, item[1].GetString()!, item[2].GetString()!))]
        : [];

    /// <summary>What went wrong with a document.</summary>
    public static IngestFailure Of(string source, Exception e) => e is LibraryException fault
        ? new IngestFailure(source, fault.Code ?? fault.Fault.ToString().ToLowerInvariant(), fault.Message)
        : new IngestFailure(source, "failed", e.Message);
}
