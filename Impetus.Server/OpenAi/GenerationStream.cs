using Impetus.Engine.Generation;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>Carries the events of a generation to a client as server-sent events.</summary>
internal sealed class GenerationStream(HttpContext context)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly EventStream _stream = new(context);
    private readonly TimeProvider _time = context.RequestServices.GetRequiredService<TimeProvider>();

    /// <summary>
    /// Hands each event to <paramref name="write"/> as it comes. During a long prefill, and in a silence of ten seconds, a comment
    /// keeps the connection alive. A fault before the first byte is thrown; a later one is the stream's last event.
    /// </summary>
    public async Task RunAsync(IAsyncEnumerable<GenerationEvent> events, Action<EventStream, GenerationEvent> write)
    {
        try
        {
            await CopyAsync(events, write);
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

    private async Task CopyAsync(IAsyncEnumerable<GenerationEvent> events, Action<EventStream, GenerationEvent> write)
    {
        string progress = "keepalive";
        await using var source = events.GetAsyncEnumerator();
        while (true)
        {
            if (!await NextAsync(source, progress))
                return;
            if (source.Current is not PrefillProgress prefill)
            {
                write(_stream, source.Current);
                continue;
            }

            progress = $"keepalive {prefill.Processed}/{prefill.Total}";
            if (prefill.Processed < prefill.Total)
                await _stream.CommentAsync(progress);
        }
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
