using System.Collections.Concurrent;
using System.Threading.Channels;
using Impetus.Retrieval.Indexing.Storage;
using Microsoft.Extensions.Logging;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>
/// Runs durable jobs, a few at once, oldest first. A job that the process leaves unfinished is found again at the next start; a job that
/// fails says why and is not tried again.
/// </summary>
internal sealed class JobRunner : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LiveJob> _live = new(StringComparer.Ordinal);
    private readonly Channel<LiveJob> _queue = Channel.CreateUnbounded<LiveJob>();
    private readonly LibraryDatabase _database;
    private readonly LibraryOptions _options;
    private readonly Func<LiveJob, CancellationToken, Task> _work;
    private readonly Action<long> _stopped;
    private readonly Task[] _runners;
    private volatile bool _closing;

    /// <param name="database">Where jobs are.</param>
    /// <param name="options">How many run at once.</param>
    /// <param name="work">Does a job.</param>
    /// <param name="stopped">Told the row of a job whose half-written document was given up.</param>
    public JobRunner(LibraryDatabase database, LibraryOptions options, Func<LiveJob, CancellationToken, Task> work, Action<long> stopped)
    {
        _database = database;
        _options = options;
        _work = work;
        _stopped = stopped;
        _runners = [.. Enumerable.Range(0, options.Concurrency).Select(_ => Task.Run(LoopAsync))];
    }

    /// <summary>Raised from any thread when a job advances.</summary>
    public event Action<IngestJob>? Advanced;

    /// <summary>Makes jobs durable, all or none, and queues them; refuses where too many wait.</summary>
    public async Task<IReadOnlyList<IngestJob>> AddAsync(Func<SqliteSession, IReadOnlyList<JobRow>> insert, CancellationToken cancellationToken)
    {
        if (_live.Count >= _options.MaxQueuedJobs)
            throw new LibraryException(LibraryFault.Busy, $"{_options.MaxQueuedJobs:N0} jobs wait already. Try again when some are done.");
        var rows = await _database.Writer.RunAsync(insert, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Add)];
    }

    /// <summary>Queues a job that is durable.</summary>
    public IngestJob Add(JobRow row)
    {
        var job = new LiveJob(row, _options.Clock, advanced => Advanced?.Invoke(advanced));
        _live[row.Key] = job;
        _queue.Writer.TryWrite(job);
        return job.Snapshot();
    }

    /// <summary>The job as it is now, if it waits or runs.</summary>
    public IngestJob? Find(string key) => _live.TryGetValue(key, out var job) ? job.Snapshot() : null;

    /// <summary>False where the job neither waits nor runs.</summary>
    public bool Stop(string key)
    {
        if (!_live.TryGetValue(key, out var job))
            return false;
        job.StopByUser();
        return true;
    }

    /// <summary>Stops all jobs of a collection.</summary>
    public void StopAll(string collection)
    {
        foreach (var job in _live.Values.Where(job => job.Row.Collection == collection))
            job.StopByUser();
    }

    /// <summary>Whether jobs of a collection wait or run.</summary>
    public bool IsBusy(string collection) => _live.Values.Any(job => job.Row.Collection == collection);

    private async Task LoopAsync()
    {
        await foreach (var job in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!_closing)
                await RunAsync(job).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(LiveJob job)
    {
        try
        {
            job.Stopped.ThrowIfCancellationRequested();
            await _database.Writer.RunAsync(session => JobTable.Begin(session, job.Row.Id)).ConfigureAwait(false);
            job.Begin();
            await _work(job, job.Stopped).ConfigureAwait(false);
            await EndAsync(job, JobState.Succeeded, null).ConfigureAwait(false);
        }
        catch (Exception) when (_closing)
        {
            // Unfinished on purpose: the next start goes on with it.
        }
        catch (OperationCanceledException) when (job.IsStoppedByUser)
        {
            await EndAsync(job, JobState.Cancelled, null).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (e is not LibraryException)
                _options.Log.LogError(e, "The job {Job} failed.", job.Row.Key);
            await EndAsync(job, JobState.Failed, e.Message).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(LiveJob job, JobState state, string? error)
    {
        var ended = job.Ended(state, error);
        try
        {
            await _database.Writer.RunAsync(session =>
            {
                JobTable.Finish(session, ended);
                session.Execute("UPDATE documents SET state = 2 WHERE job = $1 AND state = 0", ended.Id);
            }).ConfigureAwait(false);
        }
        catch (LibraryException e)
        {
            _options.Log.LogError(e, "The end of the job {Job} could not be written; it runs again at the next start.", job.Row.Key);
        }
        _live.TryRemove(job.Row.Key, out _);
        job.End(ended);
        job.Dispose();
        _stopped(ended.Id);
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _queue.Writer.TryComplete();
        foreach (var job in _live.Values)
            job.Stop();
        await Task.WhenAll(_runners).ConfigureAwait(false);
        foreach (var job in _live.Values)
            job.Dispose();
    }
}
