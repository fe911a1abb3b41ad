using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Impetus.Engine;
using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus bench ingest` and `impetus bench search`: how fast the library takes documents in, and finds them.</summary>
internal static class BenchLibrary
{
    private const int EnglishChunksPerDocument = 4;

    private static readonly int[] Percents = [50, 95];

    // Words of one token each: 180 of them make a chunk as long as those of real documents.
    private static readonly string[] English =
        ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she "
        + "there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could "
        + "water ship house light stone river field winter summer letter machine engine king city road table paper glass metal wood fire").Split(' ');

    public static void AddTo(Command bench, CommandStreams streams)
    {
        bench.Subcommands.Add(Create(
            streams, "ingest", "Fills a temporary library and tells chunks a second.", chunks: 10_000, embedded: 200, search: false));
        bench.Subcommands.Add(Create(
            streams, "search", "Fills a temporary library, opens it, and tells how long searches take, alone and while documents are added.",
            chunks: 10_000, embedded: 0, search: true));
    }

    private static Command Create(CommandStreams streams, string name, string help, int chunks, int embedded, bool search)
    {
        var ready = BenchCommand.Number("--chunks", "Chunks with vectors that are there already.", chunks, least: 0);
        var embed = BenchCommand.Number("--embed", "Chunks that the embedding model embeds.", embedded, least: 0);
        var asJson = new Option<bool>("--json") { Description = "Write JSON." };
        var model = new LocalModel("embedding model", StarterModels.Embedding);
        var command = new Command(name, help) { ready, embed, asJson };
        model.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var runs = new List<(string Name, IngestFigures Ingest, SearchFigures? Search)>();
            if (parsed.GetValue(ready) is > 0 and var count)
            {
                using var corpus = new SyntheticCorpus();
                runs.Add(await RunAsync("ready vectors", Synthetic(corpus), count / SyntheticCorpus.ChunksPerDocument, search, cancel));
            }

            if (parsed.GetValue(embed) is > 0 and var toEmbed)
            {
                runs.Add(await model.UseAsync(
                    parsed,
                    (folder, engine) => LoadAsync(model.Name(parsed), folder, engine),
                    loaded => RunAsync(model.Name(parsed), EnglishLoad(loaded), toEmbed / EnglishChunksPerDocument, search, cancel)));
            }

            if (parsed.GetValue(asJson))
                await streams.WriteJsonAsync(json => Write(json, runs));
            else
                Show(streams.Console, runs);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<(string Name, IngestFigures Ingest, SearchFigures? Search)> RunAsync(
        string name, BenchmarkLoad load, int documents, bool search, CancellationToken cancel)
    {
        using var benchmark = new LibraryBenchmark(load);
        var ingest = await benchmark.IngestAsync(Math.Max(1, documents), cancel);
        return (name, ingest, search ? await benchmark.SearchAsync(cancel) : null);
    }

    private static BenchmarkLoad Synthetic(SyntheticCorpus corpus) =>
        new(corpus, SyntheticCorpus.Chunking, SyntheticCorpus.Document, SyntheticCorpus.Question);

    private static async Task<LoadedEmbedder> LoadAsync(string id, string folder, InferenceEngine engine) => new(
        id, await Embedder.LoadAsync(folder, engine.Backend, engine.Thread), HfTokenizer.Load(folder));

    private static BenchmarkLoad EnglishLoad(LoadedEmbedder models) => new(
        models,
        new ChunkingOptions(),
        number => string.Join("\n\n", Enumerable.Range(0, EnglishChunksPerDocument).Select(part => Sentence(number * EnglishChunksPerDocument + part, 180))),
        number => Sentence(-1 - number, 8));

    private static string Sentence(int seed, int words)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => English[random.Next(English.Length)])) + '.';
    }

    private static void Write(Utf8JsonWriter json, List<(string Name, IngestFigures Ingest, SearchFigures? Search)> runs)
    {
        json.WriteStartObject();
        json.WriteString("version", ImpetusServer.Version);
        json.WriteList("runs", runs, run =>
        {
            json.WriteStartObject();
            json.WriteString("vectors", run.Name);
            json.WriteNumber("chunks", run.Ingest.Chunks);
            json.WriteNumber("ingest_chunks_per_second", Math.Round(run.Ingest.ChunksPerSecond, 1));
            json.WriteNumber("file_bytes", run.Ingest.FileBytes);
            json.WriteNumber("peak_memory_bytes", run.Ingest.PeakBytes);
            if (run.Search is { } search)
            {
                json.WriteNumber("first_answer_milliseconds", Math.Round(search.FirstAnswerMilliseconds, 1));
                foreach (var (name, times) in search.Milliseconds)
                {
                    json.WriteStartObject($"{name}_milliseconds");
                    foreach (int percent in Percents)
                        json.WriteNumber($"p{percent}", Math.Round(Percentile.Of(times, percent), 2));
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Show(IAnsiConsole console, List<(string Name, IngestFigures Ingest, SearchFigures? Search)> runs)
    {
        var table = new Table().AddColumns("Vectors", "Chunks", "Measure", "Value");
        foreach (var (name, ingest, search) in runs)
        {
            Row("ingest", $"{ingest.ChunksPerSecond:0} chunks/s");
            Row("file", $"{ByteCount.Text(ingest.FileBytes)}");
            Row("peak memory", $"{ByteCount.Text(ingest.PeakBytes)}");
            if (search is null)
                continue;
            Row("open to first answer", $"{search.FirstAnswerMilliseconds:0} ms");
            foreach (var (what, times) in search.Milliseconds)
                Row($"search, {what.Replace('_', ' ')}", $"p50 {Percentile.Of(times, 50):0.0} ms, p95 {Percentile.Of(times, 95):0.0} ms");

            void Row(string measure, FormattableString value) => table.AddRow(
                Markup.Escape(name), ingest.Chunks.ToString("N0", CultureInfo.InvariantCulture), measure, value.ToString(CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }

    /// <summary>The one model that embeds.</summary>
    private sealed class LoadedEmbedder(string id, Embedder embedder, HfTokenizer tokenizer) : IEmbeddingModels, IAsyncDisposable
    {
        private readonly EmbeddingModel _model = Documents.EngineEmbeddings.ToModel(id, embedder, tokenizer, []);

        public string DefaultId => id;

        public ValueTask<EmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) => new(_model);

        public ValueTask DisposeAsync() => embedder.DisposeAsync();
    }
}
