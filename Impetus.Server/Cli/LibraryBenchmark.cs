using System.Diagnostics;
using System.Text;
using Impetus.Retrieval;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;

namespace Impetus.Server.Cli;

/// <summary>What a library is filled with and asked.</summary>
/// <param name="Models">Its embedding model.</param>
/// <param name="Chunking">How documents are cut.</param>
/// <param name="Document">The text of a document, by its number.</param>
/// <param name="Question">A question, by its number.</param>
internal sealed record BenchmarkLoad(IEmbeddingModels Models, ChunkingOptions Chunking, Func<int, string> Document, Func<int, string> Question);

/// <summary>How a library was filled.</summary>
/// <param name="Chunks">How many it has.</param>
/// <param name="Seconds">From the first to the last being durable.</param>
/// <param name="FileBytes">Size of its file, closed.</param>
/// <param name="PeakBytes">The most memory that the process had until then.</param>
internal sealed record IngestFigures(int Chunks, double Seconds, long FileBytes, long PeakBytes)
{
    public double ChunksPerSecond => Chunks / Seconds;
}

/// <summary>How a library was searched.</summary>
/// <param name="FirstAnswerMilliseconds">From the opening of its file.</param>
/// <param name="Milliseconds">Whole calls, each sorted, by what was measured.</param>
internal sealed record SearchFigures(double FirstAnswerMilliseconds, IReadOnlyList<(string Name, double[] Times)> Milliseconds);

/// <summary>A library in a temporary folder, filled and searched in this process, without HTTP.</summary>
internal sealed class LibraryBenchmark(BenchmarkLoad load) : IDisposable
{
    private const int Writers = 4;
    private const int Questions = 200;
    private const int FirstOfLater = 10_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("impetus-benchmark-");

    /// <summary>Fills the library.</summary>
    public async Task<IngestFigures> IngestAsync(int documents, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        int chunks;
        await using (var library = await OpenAsync(cancel))
        {
            watch.Restart();
            await AddAsync(library, 0, documents, cancel);
            watch.Stop();
            chunks = library.ListCollections()[0].Chunks;
        }

        using var process = Process.GetCurrentProcess();
        long bytes = new FileInfo(Path.Combine(_folder.FullName, "library.db")).Length;
        return new(chunks, watch.Elapsed.TotalSeconds, bytes, process.PeakWorkingSet64);
    }

    /// <summary>Opens the library that was filled and asks it, alone and then beside documents that are added as fast as they can be.</summary>
    public async Task<SearchFigures> SearchAsync(CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        await using var library = await OpenAsync(cancel);
        await library.SearchAsync(new(load.Question(0)), cancel);
        double first = watch.Elapsed.TotalMilliseconds;
        var measured = new List<(string, double[])>();
        foreach (var (name, mode) in new[] { ("words", SearchMode.FullText), ("dense", SearchMode.Dense), ("both", SearchMode.Hybrid) })
            measured.Add((name, await MeasureAsync(library, mode, cancel)));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var adding = AddAsync(library, FirstOfLater, FirstOfLater, stop.Token);
        measured.Add(("both_while_ingesting", await MeasureAsync(library, SearchMode.Hybrid, cancel)));
        await stop.CancelAsync();
        await adding.ContinueWith(_ => { }, TaskScheduler.Default);
        return new(first, measured);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<DocumentLibrary> OpenAsync(CancellationToken cancel) => DocumentLibrary.OpenAsync(
        new LibraryOptions(_folder.FullName, load.Models, (document, _) => Task.FromResult(new ChunkSource(Encoding.UTF8.GetString(document.Bytes.Span))))
        {
            Chunking = load.Chunking,
        },
        cancel);

    private Task AddAsync(DocumentLibrary library, int first, int count, CancellationToken cancel) => Parallel.ForAsync(
        first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancel },
        async (number, token) => await library.AddAsync(new NewDocument("-", Encoding.UTF8.GetBytes(load.Document(number))), token));

    private async Task<double[]> MeasureAsync(DocumentLibrary library, SearchMode mode, CancellationToken cancel)
    {
        double[] times = new double[Questions];
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await library.SearchAsync(new(load.Question(i)) { Mode = mode, Limit = 10 }, cancel);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }
}
