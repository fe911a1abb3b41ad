using Impetus.Engine.Embedding;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Hub;

/// <summary>
/// What a model takes in memory, told from its files before anything of it is loaded: weights, the text side, the cache of a
/// token, and what a step computes with.
/// </summary>
public sealed record MemoryEstimate
{
    // A tokenizer's tables and merges as objects, for each byte of tokenizer.json while it is read, and what every model has beside them:
    // templates, queues, code that is compiled for it.
    private const int TextFactor = 4, TextBase = 4_000_000;

    // The scores and their softmax.
    private const long ScoreCopies = 2;

    /// <summary>Bytes that are read from the weight files.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Bytes of the weights as the backend keeps them.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Bytes of tokenizer and chat template as objects.</summary>
    public long TextBytes { get; init; }

    /// <summary>Bytes that a token takes in a sequence's cache; 0 for models that read whole texts.</summary>
    public long CacheBytesPerToken { get; init; }

    /// <summary>Bytes of these in layers with a window, which keep no more than <see cref="WindowTokens"/>.</summary>
    public long WindowBytesPerToken { get; init; }

    /// <summary>Tokens that a layer with a window keeps at most, at the usual size of a step.</summary>
    public int WindowTokens { get; init; }

    /// <summary>Caches grow by so many tokens.</summary>
    public int CacheBlock { get; init; } = 1;

    /// <summary>Bytes that the intermediate results of a step take for each of its tokens.</summary>
    public long StepBytesPerToken { get; init; }

    /// <summary>Bytes that attention takes for each token of a step and each that it looks at; 0 where scores are never all there at once.</summary>
    public long ScoreBytes { get; init; }

    /// <summary>Bytes of a row of logits, 0 where there are none.</summary>
    public long LogitBytes { get; init; }

    /// <summary>Tokens that a sequence can have.</summary>
    public int ContextLength { get; init; }

    /// <summary>Bytes that loading takes and unloading gives back.</summary>
    public long LoadBytes => WeightBytes + TextBytes;

    /// <summary>Reads a model's folder. The weights' headers are read, not the weights.</summary>
    /// <param name="folder">Of the model.</param>
    /// <param name="layout">Of the engine that it is to live in.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    public static MemoryEstimate Read(string folder, BackendLayout layout)
    {
        var modules = SentenceModules.Read(folder);
        var config = modules.IsStatic ? ConfigReader.Parse(folder, "{}"u8.ToArray()) : ConfigReader.OpenFolder(modules.EncoderFolder);
        bool isEncoder = Embedder.IsFor(folder) || Reranker.IsFor(folder);
        using var checkpoint = Checkpoint.Open(modules.EncoderFolder, config);
        layout = layout.For(checkpoint);
        var weights = WeightSizes.Of(checkpoint, config, layout, withHead: !Embedder.IsFor(folder));
        var sizes = TransformerSizes.Read(config);
        var windows = isEncoder ? [] : LayerWindows.Read(config, sizes.Layers);
        long tokenBytes = sizes.CacheNumbers(layout) * layout.NumberBytes;
        var tokenizer = new FileInfo(Path.Combine(modules.EncoderFolder, "tokenizer.json"));
        return new()
        {
            StoredBytes = weights.Stored,
            WeightBytes = weights.InMemory,
            TextBytes = TextBase + (tokenizer.Exists ? tokenizer.Length * TextFactor : 0),
            CacheBytesPerToken = windows.Length * tokenBytes,
            WindowBytesPerToken = windows.Count(window => window is not null) * tokenBytes,
            WindowTokens = windows.Max() is { } window ? new LayerState(1, 1, 1, window).MostKept(new SchedulerOptions().PrefillChunk) : 0,
            CacheBlock = layout.CacheBlock,
            StepBytesPerToken = sizes.StepNumbers(layout, cached: !isEncoder) * layout.NumberBytes,
            ScoreBytes = layout.KeepsScores ? sizes.Heads * ScoreCopies * layout.NumberBytes : 0,
            LogitBytes = isEncoder ? 0 : (long)sizes.Vocabulary * sizeof(float),
            ContextLength = sizes.Context,
        };
    }

    /// <summary>Bytes of the caches of sequences.</summary>
    /// <param name="tokens">Of each, prompt and answer together.</param>
    /// <param name="sequences">How many.</param>
    public long CacheBytes(long tokens, int sequences = 1)
    {
        long filled = BackendLayout.Fill(tokens, CacheBlock);
        return sequences * ((filled * (CacheBytesPerToken - WindowBytesPerToken)) + (Math.Min(filled, WindowTokens) * WindowBytesPerToken));
    }

    /// <summary>Bytes of the intermediate results of a step.</summary>
    /// <param name="tokens">Of all sequences together: a prefill chunk.</param>
    /// <param name="rows">Sequences that choose a token.</param>
    /// <param name="context">Tokens that each of them looks at, at most.</param>
    public long StepBytes(int tokens, int rows, long context) => (tokens * (StepBytesPerToken + (context * ScoreBytes))) + (rows * LogitBytes);

    /// <summary>Bytes of everything, with caches full.</summary>
    /// <param name="context">Tokens of each sequence.</param>
    /// <param name="sequences">How many there are at once.</param>
    /// <param name="chunk">Tokens of a step.</param>
    public long RunBytes(int context, int sequences, int chunk) => LoadBytes + CacheBytes(context, sequences) + StepBytes(chunk, sequences, context);
}
