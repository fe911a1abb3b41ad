using System.IO.Pipelines;

namespace Impetus.Retrieval.Reading.Worker;

/// <summary>
/// The child's side of a <see cref="ReaderWorker"/>: what the executable runs when it is called with <c>--reader</c>. It reads one file after the other
/// until its input ends, and gives up a file that takes too long or too much memory; its process then has to end, which the returned task says.
/// </summary>
public static class ReaderWorkerProgram
{
    // Enough for any document that is meant to be read. More would only let a hostile one nest deeper before it is refused.
    private const int StackBytes = 2 << 20;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Serves this process's standard streams. What libraries write to the console goes to standard error, so that answers stay clean.</summary>
    /// <returns>The exit code; the process is to end with it.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        await using Stream input = Console.OpenStandardInput();
        await using Stream output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        return await RunAsync(input, output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Serves requests from <paramref name="input"/> and answers to <paramref name="output"/>.</summary>
    /// <returns>0 when the input ended, 1 when a file was given up and this process still works on it.</returns>
    public static Task<int> RunAsync(Stream input, Stream output, CancellationToken cancellationToken = default) =>
        RunAsync(input, output, (limits, content, name, token) => new DocumentReader(limits).Read(content, name, token), cancellationToken);

    internal static async Task<int> RunAsync(Stream input, Stream output, Func<ReadingLimits, byte[], string, CancellationToken, ExtractedDocument> read, CancellationToken cancellationToken)
    {
        PipeReader requests = PipeReader.Create(input);
        await Write(output, WorkerProtocol.Ready(), cancellationToken).ConfigureAwait(false);
        while (await WorkerProtocol.ReadLineAsync(requests, WorkerProtocol.RequestLineBytes, WorkerProtocol.ParseRequest, cancellationToken).ConfigureAwait(false) is { } request)
        {
            if (await WorkerProtocol.ReadBytesAsync(requests, request.Length, cancellationToken).ConfigureAwait(false) is not { } content)
                return 0;
            Task<byte[]> reading = Start(() => Answer(read, request.Limits, content, request.Name, cancellationToken));
            Task late = Task.Delay(TimeSpan.FromSeconds(request.Limits.Seconds) + Grace, cancellationToken);
            bool inTime = await Task.WhenAny(reading, late).ConfigureAwait(false) == reading;
            await Write(output, inTime ? await reading.ConfigureAwait(false) : WorkerProtocol.Answer(ReadingBudget.TooSlow(request.Limits.Seconds)), cancellationToken).ConfigureAwait(false);
            if (!inTime)
                return 1;
        }
        return 0;
    }

    private static byte[] Answer(Func<ReadingLimits, byte[], string, CancellationToken, ExtractedDocument> read, ReadingLimits limits, byte[] content, string name, CancellationToken cancellationToken)
    {
        try
        {
            return WorkerProtocol.Answer(read(limits, content, name, cancellationToken));
        }
        catch (ReadException fault)
        {
            return WorkerProtocol.Answer(fault);
        }
        catch (OutOfMemoryException)
        {
            return WorkerProtocol.Answer(ReaderWorker.TooMuchMemory());
        }
    }

    // A thread of its own: its stack has the same depth everywhere, and a reading that never ends holds up nobody but its process.
    private static Task<byte[]> Start(Func<byte[]> answer)
    {
        TaskCompletionSource<byte[]> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(answer());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        }, StackBytes)
        { IsBackground = true, Name = "reader" }.Start();
        return done.Task;
    }

    private static async Task Write(Stream output, byte[] line, CancellationToken cancellationToken)
    {
        await output.WriteAsync(line, cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
