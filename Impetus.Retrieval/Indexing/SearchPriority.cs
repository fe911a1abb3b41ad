using System.Diagnostics;

namespace Impetus.Retrieval.Indexing;

/// <summary>
/// Lets ingest give way to searches. While someone searches, and a moment after, batches of chunks begin one by one with a pause before each,
/// and texts are embedded one by one, in a twenty-fifth of the time: so few searches meet one that their slow twentieth does not. Documents
/// come later for it; when nobody searches, nothing is held up. Thread-safe.
/// </summary>
internal sealed class SearchPriority : IDisposable
{
    private const int Share = 25;

    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _turn = new(1);
    private long _last = Stopwatch.GetTimestamp() - Stopwatch.Frequency;

    /// <summary>Whether someone searches, or did a moment ago.</summary>
    public bool IsSearching => Stopwatch.GetElapsedTime(Volatile.Read(ref _last)) <= Recent;

    /// <summary>Says that someone searches.</summary>
    public void Searched() => Volatile.Write(ref _last, Stopwatch.GetTimestamp());

    /// <summary>Returns when the next batch of chunks may begin: at once where nobody searches.</summary>
    public async ValueTask GiveWayAsync(CancellationToken cancellationToken)
    {
        if (!IsSearching)
            return;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Returns when work that took so long has had its share of the time, or nobody searches any more.</summary>
    public async Task RestAsync(TimeSpan work)
    {
        for (long start = Stopwatch.GetTimestamp(); IsSearching && Stopwatch.GetElapsedTime(start) < work * (Share - 1);)
            await Task.Delay(Pause).ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();
}
