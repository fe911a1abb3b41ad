namespace Impetus.Retrieval.Reading.Worker;

/// <summary>A file that the parent wants read; its bytes follow.</summary>
internal sealed record WorkerRequest(string Name, int Length, ReadingLimits Limits);
