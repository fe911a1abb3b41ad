using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>A job that waits or runs: its counts, its failures, and the switch that stops it. Thread-safe.</summary>
internal sealed class LiveJob(JobRow row, TimeProvider clock, Action<IngestJob> advanced) : IIngestObserver, IDisposable
{
    private const int MaxFailures = 1_000;

    private readonly Lock _change = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IngestFailure> _failures = [];
    private JobState _state = row.State;
    private long _started;
    private int _documentsDone, _documentsTotal, _chunksDone, _chunksTotal, _chunksBefore;

    public JobRow Row => row;

    public bool IsStoppedByUser { get; private set; }

    public CancellationToken Stopped => _stop.Token;

    /// <summary>The document that a <see cref="JobKind.Document"/> job made.</summary>
    public string? DocumentId { get; set; }

    public void Begin() => Change(() =>
    {
        _state = JobState.Running;
        _started = clock.GetTimestamp();
    });

    public void Expect(int documents, int chunks = 0) => Change(() =>
    {
        _documentsTotal = documents;
        _chunksTotal = chunks;
    });

    public void Chunked(int chunks) => Change(() => _chunksTotal += chunks);

    public void Written(int chunks) => Change(() => _chunksDone += chunks);

    /// <summary>Chunks that an earlier run has written, which say nothing about the pace of this one.</summary>
    public void Skipped(int chunks) => Change(() =>
    {
        _chunksDone += chunks;
        _chunksBefore += chunks;
    });

    public void DocumentDone() => Change(() => _documentsDone++);

    public void DocumentFailed(IngestFailure failure) => Change(() =>
    {
        _documentsDone++;
        if (_failures.Count < MaxFailures)
            _failures.Add(failure);
    });

    public void StopByUser()
    {
        IsStoppedByUser = true;
        _stop.Cancel();
    }

    public void Stop() => _stop.Cancel();

    /// <summary>Tells the end, once it is durable.</summary>
    public void End(JobRow ended)
    {
        lock (_change)
            _state = ended.State;
        advanced(ended.ToPublic());
    }

    /// <summary>The job as it is now.</summary>
    public IngestJob Snapshot()
    {
        lock (_change)
            return Current(_state, null).ToPublic() with { SecondsLeft = SecondsLeft() };
    }

    /// <summary>The row that says how the job ended.</summary>
    public JobRow Ended(JobState state, string? error)
    {
        lock (_change)
            return Current(state, error);
    }

    private JobRow Current(JobState state, string? error) => row with
    {
        State = state,
        DocumentsDone = _documentsDone,
        DocumentsTotal = Math.Max(_documentsTotal, _documentsDone),
        ChunksDone = _chunksDone,
        ChunksTotal = Math.Max(_chunksTotal, _chunksDone),
        Document = DocumentId,
        Error = error,
        Failures = JobFailures.Write(_failures),
    };

    private double? SecondsLeft()
    {
        bool byChunks = _documentsTotal <= 1 || row.Kind == JobKind.Reindex;
        double done = byChunks ? _chunksDone - _chunksBefore : _documentsDone;
        double left = byChunks ? _chunksTotal - _chunksDone : _documentsTotal - _documentsDone;
        return _state == JobState.Running && done > 0 ? clock.GetElapsedTime(_started).TotalSeconds * left / done : null;
    }

    private void Change(Action change)
    {
        lock (_change)
            change();
        advanced(Snapshot());
    }

    public void Dispose() => _stop.Dispose();
}
