using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Impetus.Retrieval.Reading.Worker;

/// <summary>A running child and its pipes. Not thread-safe.</summary>
internal sealed class ReaderProcess : IDisposable
{
    private const int KeptErrorCharacters = 4096;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly PipeReader _answers;
    private readonly StringBuilder _errors = new();

    private ReaderProcess(Process process)
    {
        _process = process;
        _answers = PipeReader.Create(process.StandardOutput.BaseStream);
        // The runtime says first what it died of; what follows is a stack of any length.
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                if (_errors.Length < KeptErrorCharacters)
                    _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public bool IsAlive => !_process.HasExited;

    /// <exception cref="InvalidOperationException">The executable did not start, or is no reader.</exception>
    public static async Task<ReaderProcess> StartAsync(ProcessStartInfo start, long heapBytes, CancellationToken cancellationToken)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["DOTNET_GCHeapHardLimit"] = heapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        ReaderProcess? child = null;
        try
        {
            child = new ReaderProcess(Process.Start(start) ?? throw new InvalidOperationException("no process was started"));
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(StartTime);
            if (await WorkerProtocol.ReadLineAsync(child._answers, WorkerProtocol.RequestLineBytes, _ => "ready", deadline.Token).ConfigureAwait(false) is null)
                throw new InvalidOperationException($"it ended at once. {await child.LastWordsAsync().ConfigureAwait(false)}");
            return child;
        }
        catch (Exception fault)
        {
            child?.Dispose();
            if (fault is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            throw new InvalidOperationException($"The reader process {start.FileName} could not be started: {fault.Message}", fault);
        }
    }

    /// <exception cref="ReadException">What the child found.</exception>
    /// <exception cref="IOException">The child died.</exception>
    /// <exception cref="FormatException">The child said something else than an answer.</exception>
    public async Task<ExtractedDocument> ReadAsync(ReadOnlyMemory<byte> content, string name, ReadingLimits limits, CancellationToken cancellationToken)
    {
        Stream requests = _process.StandardInput.BaseStream;
        await requests.WriteAsync(WorkerProtocol.Request(name, content.Length, limits), cancellationToken).ConfigureAwait(false);
        await requests.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        await requests.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await WorkerProtocol.ReadLineAsync(_answers, WorkerProtocol.AnswerLineBytes(limits), WorkerProtocol.ParseAnswer, cancellationToken).ConfigureAwait(false)
            ?? throw new EndOfStreamException("The reader process ended.");
    }

    /// <summary>Waits for the end of a dying child and returns what it wrote to standard error.</summary>
    public async Task<string> LastWordsAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        lock (_errors)
            return _errors.ToString().Trim();
    }

    public void Dispose()
    {
        if (IsAlive)
            _process.Kill();
        _process.Dispose();
    }
}
