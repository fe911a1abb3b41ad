using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Weights;

namespace Impetus.Engine;

/// <summary>
/// A language model's folder, loaded: its tokenizer, its chat template, what its makers recommend, and a scheduler that answers.
/// Thread safe.
/// </summary>
public sealed class ChatModel : IAsyncDisposable
{
    private readonly InferenceEngine _engine;
    private readonly IDecoder _decoder;

    private ChatModel(
        InferenceEngine engine, ConfigReader config, IDecoder decoder, long weightBytes, HfTokenizer tokenizer, PromptRenderer prompts, GenerationDefaults defaults,
        DecoderScheduler scheduler)
    {
        (_engine, Config, _decoder, WeightBytes, Tokenizer, Prompts, Defaults, Scheduler) =
            (engine, config, decoder, weightBytes, tokenizer, prompts, defaults, scheduler);
    }

    /// <summary>Its <c>config.json</c>.</summary>
    public ConfigReader Config { get; }

    /// <summary>Bytes of its weights in memory.</summary>
    public long WeightBytes { get; }

    /// <summary>Text to ids and back.</summary>
    public HfTokenizer Tokenizer { get; }

    /// <summary>Conversations to prompts.</summary>
    public PromptRenderer Prompts { get; }

    /// <summary>What its makers recommend.</summary>
    public GenerationDefaults Defaults { get; }

    /// <summary>Answers requests.</summary>
    public DecoderScheduler Scheduler { get; }

    /// <summary>Loads a folder.</summary>
    /// <param name="folder">With <c>config.json</c>, weights and <c>tokenizer.json</c>.</param>
    /// <param name="engine">Where it is to live.</param>
    /// <param name="context">At most so many tokens for prompt and answer together. Null: the model's own limit.</param>
    /// <param name="scheduling">How its clients share it.</param>
    /// <param name="progress">Is told how many bytes of weights are loaded.</param>
    /// <param name="cancel">Stops loading between two tensors; nothing stays behind.</param>
    /// <exception cref="CheckpointException">Weights or configuration cannot be used; the message names file and fault.</exception>
    /// <exception cref="TokenizerFormatException">The tokenizer cannot be used.</exception>
    /// <exception cref="InvalidDataException">The chat template cannot be used.</exception>
    public static async Task<ChatModel> LoadAsync(
        string folder, InferenceEngine engine, int? context = null, SchedulerOptions? scheduling = null, IProgress<long>? progress = null,
        CancellationToken cancel = default)
    {
        var config = ConfigReader.OpenFolder(folder);
        // The text side is read beside the weights: both take as long on a small model. On a thread of its own, since pools of arrays
        // keep for each thread what it gave back: megabytes that threads which live on would hold for ever.
        var text = Task.Factory.StartNew(
            () => (HfTokenizer.Load(folder), new PromptRenderer(ChatTemplateLibrary.LoadFolder(folder)), GenerationDefaults.Read(folder, config)),
            cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var (decoder, weights) = await LoadWeightsAsync(folder, config, engine, progress, cancel).ConfigureAwait(false);
        try
        {
            var (tokenizer, prompts, defaults) = await text.ConfigureAwait(false);
            var limited = context is { } limit && limit < decoder.ContextLength ? new ShorterContext(decoder, limit) : decoder;
            var scheduler = new DecoderScheduler(engine.Thread, engine.Backend, limited, tokenizer, defaults.EndOfSequence, scheduling);
            // Reading files leaves garbage of some times their size, which an idle process would hold for ever.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return new ChatModel(engine, config, decoder, weights.Bytes, tokenizer, prompts, defaults, scheduler);
        }
        catch
        {
            await engine.Thread.InvokeAsync(decoder.Dispose).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loads a folder's weights and configuration alone, for probes. Dispose the decoder on the engine thread.</summary>
    /// <exception cref="CheckpointException">Weights or configuration cannot be used.</exception>
    public static async Task<IDecoder> LoadDecoderAsync(
        string folder, ConfigReader config, InferenceEngine engine, IProgress<long>? progress = null, CancellationToken cancel = default) =>
        (await LoadWeightsAsync(folder, config, engine, progress, cancel).ConfigureAwait(false)).Decoder;

    /// <summary>Ends its requests and frees its memory.</summary>
    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync().ConfigureAwait(false);
        await _engine.Thread.InvokeAsync(_decoder.Dispose).ConfigureAwait(false);
    }

    private static Task<(IDecoder Decoder, ModelWeights Weights)> LoadWeightsAsync(
        string folder, ConfigReader config, InferenceEngine engine, IProgress<long>? progress, CancellationToken cancel) =>
        engine.Thread.InvokeLongAsync(() =>
        {
            // A backend keeps its own copy, so that the mapped file is not held in memory beside it.
            using var checkpoint = Checkpoint.Open(folder, config);
            var weights = new ModelWeights(checkpoint, engine.Backend, progress, engine.Thread.Breathe, cancel);
            return (Architectures.Load(config, weights), weights);
        });
}
