using Impetus.Engine.Generation;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>
/// Carries the events of a generation to a client as server-sent events. During a long prefill, and in a silence of ten seconds, a
/// comment keeps the connection alive.
/// </summary>
internal sealed class GenerationStream(HttpContext context, IAnswerWriter writer, int choices, bool includeUsage)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly EventStream _stream = new(context);
    private readonly TimeProvider _time = context.RequestServices.GetRequiredService<TimeProvider>();
    private bool _opened;
    private ChoiceDone? _heldBack;

    /// <summary>Writes all events. A fault before the first byte is thrown; a later one is the stream's last event.</summary>
    public async Task RunAsync(IAsyncEnumerable<GenerationEvent> events)
    {
        try
        {
            await CopyAsync(events);
            await _stream.DoneAsync();
        }
        catch (Exception fault) when (_stream.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var error = ErrorMiddleware.Describe(fault, context);
            RequestRecord.Of(context).ErrorCode = error.Code;
            ErrorMiddleware.LogIfUnexpected(fault, error, context);
            await _stream.ErrorAsync(error);
        }
    }

    private async Task CopyAsync(IAsyncEnumerable<GenerationEvent> events)
    {
        string progress = "keepalive";
        await using var source = events.GetAsyncEnumerator();
        while (await NextAsync(source, progress))
        {
            if (source.Current is not PrefillProgress prefill)
            {
                Write(source.Current);
                continue;
            }

            progress = $"keepalive {prefill.Processed}/{prefill.Total}";
            if (prefill.Processed < prefill.Total)
                await _stream.CommentAsync(progress);
        }
    }

    private void Write(GenerationEvent step)
    {
        if (!_opened)
            writer.Open(_stream);
        _opened = true;
        switch (step)
        {
            case TextDelta delta:
                writer.Part(_stream, delta);
                break;
            case ChoiceDone done:
                // Held back until it is known whether it is the last, which tells the timings.
                Release(null);
                _heldBack = done;
                break;
            case RequestDone done:
                Release(includeUsage ? null : Timings.Of(done.Usage, choices));
                if (includeUsage)
                    writer.Total(_stream, done);
                break;
        }
    }

    private void Release(Timings? timings)
    {
        if (_heldBack is { } done)
            writer.End(_stream, done, timings);
        _heldBack = null;
    }

    private ValueTask<bool> NextAsync(IAsyncEnumerator<GenerationEvent> source, string progress)
    {
        var next = source.MoveNextAsync();
        return next.IsCompleted ? next : new(WaitAsync(next.AsTask(), progress));
    }

    private async Task<bool> WaitAsync(Task<bool> next, string progress)
    {
        try
        {
            // What is written leaves only when there is nothing more to write: a fast model fills whole packets.
            if (_stream.HasStarted)
                await _stream.FlushAsync();
            while (!await EndsInTimeAsync(next))
                await _stream.CommentAsync(progress);
        }
        catch
        {
            // The client cannot be reached. A source must not be left while it works on its next event.
            context.Abort();
            await next.ContinueWith(_ => { }, TaskScheduler.Default);
            throw;
        }

        return await next;
    }

    private async Task<bool> EndsInTimeAsync(Task<bool> next)
    {
        using var over = new CancellationTokenSource();
        bool inTime = await Task.WhenAny(next, Task.Delay(Silence, _time, over.Token)) == next;
        await over.CancelAsync();
        return inTime;
    }
}
