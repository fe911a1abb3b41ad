using System.Diagnostics;

namespace Impetus.Retrieval.Reading.Worker;

/// <summary>
/// Reads files in a child process, since a hostile file can do to its process what no process survives: overflow its stack, exhaust its heap, never
/// come back. The child has a heap limit and a deadline; it is started when first needed, killed when it misbehaves, and ended when nobody has
/// needed it for a while. Thread-safe: requests wait for one another, in no given order.
/// </summary>
/// <param name="start">Makes the call of the child: an executable that runs <see cref="ReaderWorkerProgram"/>. Streams and environment are added here.</param>
/// <param name="limits">For each file.</param>
/// <param name="heapBytes">The child's managed heap.</param>
public sealed class ReaderWorker(Func<ProcessStartInfo> start, ReadingLimits? limits = null, long heapBytes = ReaderWorker.DefaultHeapBytes) : IDocumentReader, IAsyncDisposable
{
    public const long DefaultHeapBytes = 768L << 20;

    // The child keeps its deadline itself; this one is for a child that cannot.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    private readonly ReadingLimits _limits = limits ?? ReadingLimits.Default;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ReaderProcess? _child;
    private Timer? _idle;
    private bool _disposed;

    /// <summary>How many children were started so far.</summary>
    public int Starts { get; private set; }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The child cannot be started at all; that is no fault of the file.</exception>
    public async Task<ExtractedDocument> ReadAsync(ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (content.Length > _limits.FileBytes)
            throw ReadingBudget.FileTooLarge(content.Length, _limits);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await ReadInChildAsync(content, name, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            (_idle ??= new Timer(_ => EndIdleChild())).Change(IdleTime, Timeout.InfiniteTimeSpan);
            _turn.Release();
        }
    }

    private async Task<ExtractedDocument> ReadInChildAsync(ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken)
    {
        ReaderProcess child = await ChildAsync(cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(_limits.Seconds) + Grace);
        try
        {
            return await child.ReadAsync(content, name, _limits, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            EndChild();
            cancellationToken.ThrowIfCancellationRequested();
            throw ReadingBudget.TooSlow(_limits.Seconds);
        }
        catch (Exception fault) when (fault is IOException or FormatException)
        {
            string words = await child.LastWordsAsync().ConfigureAwait(false);
            EndChild();
            throw words.Contains("Out of memory", StringComparison.OrdinalIgnoreCase)
                ? TooMuchMemory()
                : ReadException.Damaged("the program that reads it ended unexpectedly", new IOException(words, fault));
        }
        catch (ReadException fault) when (fault.Error == ReadError.TooLarge)
        {
            // It may still be at work on the file, or have a full heap.
            EndChild();
            throw;
        }
    }

    private async Task<ReaderProcess> ChildAsync(CancellationToken cancellationToken)
    {
        if (_child is { IsAlive: true })
            return _child;
        EndChild();
        _child = await ReaderProcess.StartAsync(start(), heapBytes, cancellationToken).ConfigureAwait(false);
        Starts++;
        return _child;
    }

    internal static ReadException TooMuchMemory() =>
        new(ReadError.TooLarge, "Reading this document takes more memory than is allowed, and it was given up. Split it into smaller files.");

    private void EndChild()
    {
        _child?.Dispose();
        _child = null;
    }

    private void EndIdleChild()
    {
        if (!_turn.Wait(0))
            return;
        EndChild();
        _turn.Release();
    }

    /// <summary>Waits for the file at hand and ends the child.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        _idle?.Dispose();
        EndChild();
        _turn.Release();
    }
}
