using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Impetus.Server.Http;

namespace Impetus.Server.Observability;

/// <summary>
/// What happens in the server, in order, for whoever follows it. The last <see cref="Capacity"/> events are kept; a follower that is
/// slower than that, or comes back too late, is told of the gap. Publishing never waits. Thread safe.
/// </summary>
public sealed class EventFeed(TimeProvider time)
{
    /// <summary>How many events are kept for those who come back.</summary>
    public const int Capacity = 1024;

    /// <summary>How many may follow at once over HTTP.</summary>
    public const int Seats = 64;

    // Numbers start anew with each run, so an id also says which run it is from.
    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly Lock _lock = new();
    private readonly ServerEvent[] _ring = new ServerEvent[Capacity];
    private TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;
    private int _taken;

    /// <summary>The id of the newest event; before the first one, of the feed's beginning.</summary>
    public string LastId => IdOf(Volatile.Read(ref _count));

    /// <summary>Tells that a model came, went, or is on its way.</summary>
    public void Publish(ModelEvent happened) => Publish(new ServerEvent { Kind = "model", Model = happened });

    /// <summary>Tells of memory.</summary>
    public void Publish(MemoryEvent happened) => Publish(new ServerEvent { Kind = "memory", Memory = happened });

    /// <summary>Tells of a request.</summary>
    public void Publish(RequestEvent happened) => Publish(new ServerEvent { Kind = "request", Request = happened });

    /// <summary>Tells of a document that is being added.</summary>
    public void Publish(IngestEvent happened) => Publish(new ServerEvent { Kind = "ingest", Ingest = happened });

    /// <summary>Counts a follower in, until the result is disposed.</summary>
    /// <exception cref="ApiException">There are as many as there may be.</exception>
    public IDisposable TakeSeat()
    {
        var seat = new Seat(this);
        if (Interlocked.Increment(ref _taken) <= Seats)
            return seat;
        seat.Dispose();
        throw ApiException.Unavailable($"{Seats} clients follow the events already. End one of them.", "too_many_followers", retryAfterSeconds: 10);
    }

    /// <summary>Follows the feed until it is cancelled.</summary>
    /// <param name="after">The id of the last event that was heard; null begins with what happens next.</param>
    /// <param name="heartbeat">In a silence of so long, and at the beginning, comes a heartbeat with the id of the last event.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<ServerEvent> FollowAsync(
        string? after, TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        long newest = Volatile.Read(ref _count);
        long? heard = after is null ? newest : Position(after);
        long next = heard ?? Oldest(newest);
        if (heard is null)
            yield return Lost(next, null, "The server was started anew since. Read the state again; what it has told in this run follows.");
        yield return Own("heartbeat", next);
        while (true)
        {
            var (happened, skipped, news) = Take(next);
            if (skipped > 0)
            {
                next += skipped;
                yield return Lost(next, skipped, $"{skipped} events are lost, for only the last {Capacity} are kept. Read the state again.");
            }
            else if (happened is not null)
            {
                next++;
                yield return happened;
            }
            else if (!await ComesInTimeAsync(news, heartbeat, cancel))
            {
                yield return Own("heartbeat", next);
            }
        }
    }

    private void Publish(ServerEvent happened)
    {
        lock (_lock)
        {
            _ring[_count % Capacity] = happened with { Id = IdOf(_count + 1), TimeMilliseconds = Now };
            _count++;
            _published.SetResult();
            _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The event at a position; or how many before the oldest that is kept are gone; or what to wait for.</summary>
    private (ServerEvent? Happened, long Skipped, Task News) Take(long next)
    {
        lock (_lock)
        {
            return next < Oldest(_count) ? (null, Oldest(_count) - next, Task.CompletedTask)
                : next < _count ? (_ring[next % Capacity], 0, Task.CompletedTask)
                : (null, 0, _published.Task);
        }
    }

    private async Task<bool> ComesInTimeAsync(Task news, TimeSpan wait, CancellationToken cancel)
    {
        try
        {
            await news.WaitAsync(wait, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Oldest(long count) => Math.Max(0, count - Capacity);

    private ServerEvent Lost(long next, long? missed, string message) => Own("gap", next) with { Gap = new(missed, message) };

    private ServerEvent Own(string kind, long next) => new() { Id = IdOf(next), Kind = kind, TimeMilliseconds = Now };

    private string IdOf(long count) => string.Create(CultureInfo.InvariantCulture, $"{_run}-{count}");

    /// <summary>How many events were published up to an id; null if it is none of this run.</summary>
    private long? Position(string id) =>
        id.StartsWith($"{_run}-", StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(_run.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && count <= Volatile.Read(ref _count) ? count : null;

    private sealed class Seat(EventFeed feed) : IDisposable
    {
        private EventFeed? _feed = feed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _feed, null) is { } feed)
                Interlocked.Decrement(ref feed._taken);
        }
    }
}
