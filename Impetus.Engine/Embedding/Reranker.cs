using Impetus.Engine.Hub;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>How well a document answers a query.</summary>
/// <param name="Raw">The model's logit, or the difference of its logits of "yes" and "no".</param>
/// <param name="TokenCount">How many tokens were read, special ones and the query's included.</param>
/// <param name="Truncated">Whether the pair was cut to the model's limit.</param>
public sealed record RerankScore(float Raw, int TokenCount, bool Truncated)
{
    /// <summary>The raw score's sigmoid, in 0 to 1.</summary>
    public float Normalised => (float)(1 / (1 + Math.Exp(-(double)Raw)));
}

/// <summary>A loaded cross-encoder: reads a query and a document together and scores the pair. Thread safe.</summary>
public sealed class Reranker : IFaultSource, IAsyncDisposable
{
    private readonly LoadedSequenceModel _model;
    private readonly Func<string, string, TokenSequence> _pair;

    private Reranker(LoadedSequenceModel model, int maxTokens, Func<string, string, TokenSequence> pair) =>
        (_model, MaxTokens, _pair) = (model, maxTokens, pair);

    /// <inheritdoc/>
    public event Action<StepFault>? Faulted
    {
        add => _model.Faulted += value;
        remove => _model.Faulted -= value;
    }

    /// <summary>Bytes of its weights in memory.</summary>
    public long WeightBytes => _model.WeightBytes;

    /// <summary>The most tokens of a pair, special ones included.</summary>
    public int MaxTokens { get; }

    /// <summary>
    /// Whether a folder holds a reranker: an encoder with a classifier, or a language model that is called a reranker, for its
    /// files do not say so.
    /// </summary>
    public static bool IsFor(string folder)
    {
        try
        {
            var config = ConfigReader.OpenFolder(folder);
            return IsClassifier(config)
                || (CrossEncoders.AsksYesOrNo(config) && ModelId.OfFolder(folder).Contains("rerank", StringComparison.OrdinalIgnoreCase));
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    /// <summary>Loads a model's folder.</summary>
    /// <param name="folder">With <c>config.json</c>, weights and <c>tokenizer.json</c>.</param>
    /// <param name="backend">Where the model is to live; it stays the caller's.</param>
    /// <param name="thread">The engine thread.</param>
    /// <param name="progress">Is told how many bytes are loaded.</param>
    /// <param name="cancel">Stops loading.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or asks for what we do not compute.</exception>
    public static async Task<Reranker> LoadAsync(
        string folder, IBackend backend, EngineThread thread, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        var config = ConfigReader.OpenFolder(folder);
        var tokens = SequenceBuilder.Open(folder);
        bool asks = CrossEncoders.AsksYesOrNo(config);
        var model = await LoadedSequenceModel.LoadAsync(folder, config, backend, thread, Build, progress, cancel).ConfigureAwait(false);
        try
        {
            tokens = tokens.Limited(null, model.ContextLength);
            return new Reranker(model, tokens.Limit, asks ? new YesNoPrompt(tokens).Pair : tokens.Pair);
        }
        catch
        {
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        ISequenceModel Build(ModelWeights weights) => asks
            ? CrossEncoders.LoadYesOrNo(config, weights, YesNoPrompt.Token(tokens, "yes"), YesNoPrompt.Token(tokens, "no"))
            : CrossEncoders.Load(config, weights);
    }

    /// <summary>Scores documents against a query.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="documents">What may answer it.</param>
    /// <param name="truncate">Whether a pair that is too long is cut as the reference cuts it. Otherwise it is an error.</param>
    /// <param name="cancel">Takes what is not yet computed out of the queue.</param>
    /// <returns>Their scores, in their order.</returns>
    /// <exception cref="EmbeddingException">A pair is too long and not to be cut, the queue is full, or the engine failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public async Task<IReadOnlyList<RerankScore>> ScoreAsync(
        string query, IReadOnlyList<string> documents, bool truncate = true, CancellationToken cancel = default)
    {
        var sequences = new TokenSequence[documents.Count];
        for (int i = 0; i < sequences.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            sequences[i] = EmbeddingException.Blaming(i, () => _pair(query, documents[i]));
            if (sequences[i].Truncated && !truncate)
                throw EmbeddingException.TooLong(i, sequences[i].FullLength, MaxTokens);
        }

        var scores = await _model.RunAsync(sequences, cancel).ConfigureAwait(false);
        return [.. sequences.Select((sequence, i) => new RerankScore(scores[i][0], sequence.Ids.Length, sequence.Truncated))];
    }

    internal static bool IsClassifier(ConfigReader config) =>
        config.Texts("architectures") is [string architecture] && architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal);

    /// <summary>Ends what waits and frees the model.</summary>
    public ValueTask DisposeAsync() => _model.DisposeAsync();
}
