using System.Diagnostics;
using System.Globalization;
using System.Text;
using Impetus.Retrieval;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;
using Microsoft.Extensions.AI;

namespace Impetus.Benchmarks;

/// <summary>The library without an embedder: ingest, opening, and search, with random vectors and texts of words with a natural skew.</summary>
internal sealed class LibraryBenchmark : IEmbeddingModels, ITokenCounter, IEmbeddingGenerator<string, Embedding<float>>
{
    private const int ChunksPerDocument = 100;
    private const int WordsPerChunk = 65;
    private const int Vocabulary = 60_000;
    private const int Queries = 100;

    private readonly int _dimensions;
    private readonly EmbeddingModel _model;

    private LibraryBenchmark(int dimensions)
    {
        _dimensions = dimensions;
        _model = new EmbeddingModel("random", dimensions, int.MaxValue, this, this, this);
    }

    public static async Task RunAsync(string[] args)
    {
        int chunks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        int dimensions = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 384;
        string folder = Directory.CreateTempSubdirectory("impetus-benchmark-").FullName;
        try
        {
            await new LibraryBenchmark(dimensions).RunAsync(folder, chunks);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(string folder, int chunks)
    {
        var options = new LibraryOptions(folder, this, (document, _) => Task.FromResult(new ChunkSource(Encoding.UTF8.GetString(document.Bytes.Span))))
        {
            Chunking = new ChunkingOptions { TargetLength = 512, Overlap = 0, MaxTokens = 1_000_000 },
        };
        var watch = Stopwatch.StartNew();
        await using (var library = await DocumentLibrary.OpenAsync(options))
        {
            await AddAsync(library, 0, chunks / ChunksPerDocument, CancellationToken.None);
            int written = library.ListCollections()[0].Chunks;
            Say($"ingest: {written:N0} chunks, {written / watch.Elapsed.TotalSeconds:N0} chunks/s");
        }
        Say($"file: {new FileInfo(Path.Combine(folder, "library.db")).Length >> 20} MiB; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");

        watch.Restart();
        await using var opened = await DocumentLibrary.OpenAsync(options);
        Say($"open: {watch.ElapsedMilliseconds} ms");
        await opened.SearchAsync(new(Question(0)));
        Say($"open to first answer: {watch.ElapsedMilliseconds} ms");
        foreach (var mode in Enum.GetValues<SearchMode>())
            Say($"search {mode}: {await MeasureAsync(opened, mode)}");

        using var stop = new CancellationTokenSource();
        var adding = AddAsync(opened, 1_000_000, 1_000_000, stop.Token);
        Say($"search {SearchMode.Hybrid} while ingesting: {await MeasureAsync(opened, SearchMode.Hybrid)}");
        await stop.CancelAsync();
        await adding.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task<string> MeasureAsync(DocumentLibrary library, SearchMode mode)
    {
        var times = new List<double>();
        for (int i = 0; i < Queries; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await library.SearchAsync(new(Question(i)) { Mode = mode });
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[Queries / 2]:0.0} ms, p95 {times[Queries * 95 / 100]:0.0} ms");
    }

    private static Task AddAsync(DocumentLibrary library, int first, int count, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(first, count),
        new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
        async (document, token) => await library.AddAsync(new NewDocument("-", Encoding.UTF8.GetBytes(Text(document))), token));

    private static string Text(int document)
    {
        var random = new Random(document);
        return string.Join("\n\n", Enumerable.Range(0, ChunksPerDocument).Select(_ => string.Join(' ', Enumerable.Range(0, WordsPerChunk).Select(_ => Word(random)))));
    }

    private static string Question(int number)
    {
        var random = new Random(-1 - number);
        return string.Join(' ', Enumerable.Range(0, 4).Select(_ => Word(random)));
    }

    /// <summary>Words by Zipf's law.</summary>
    private static string Word(Random random) => $"w{(int)Math.Pow(Vocabulary, random.NextDouble())}";

    public string DefaultId => _model.Id;

    public ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(_model);

    public int Count(ReadOnlySpan<char> text) => text.Length / 5;

    public int PrefixLength(ReadOnlySpan<char> text, int maxTokens) => (int)Math.Min(text.Length, maxTokens * 5L);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ =>
        {
            float[] vector = new float[_dimensions];
            for (int i = 0; i < vector.Length; i++)
                vector[i] = Random.Shared.NextSingle() - 0.5f;
            return new Embedding<float>(vector);
        })));

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
