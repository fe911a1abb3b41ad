using Impetus.Engine.Hub;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>
/// A loaded embedding model: texts in, the vectors out that sentence-transformers gives for the same folder. Thread safe.
/// </summary>
public sealed class Embedder : IFaultSource, IAsyncDisposable
{
    private readonly LoadedSequenceModel _model;
    private readonly SequenceBuilder _sequences;
    private readonly Prompts _prompts;
    private readonly VectorRecipe _recipe;

    private Embedder(LoadedSequenceModel model, SequenceBuilder sequences, Prompts prompts, VectorRecipe recipe, int smallestDimensions)
    {
        (_model, _sequences, _prompts, _recipe, SmallestDimensions) = (model, sequences, prompts, recipe, smallestDimensions);
    }

    /// <inheritdoc/>
    public event Action<StepFault>? Faulted
    {
        add => _model.Faulted += value;
        remove => _model.Faulted -= value;
    }

    /// <summary>D: how many numbers a vector has.</summary>
    public int Width => _model.Width;

    /// <summary>V: token ids are below this.</summary>
    public int VocabularySize => _model.VocabularySize;

    /// <summary>The fewest dimensions that a vector can be cut to.</summary>
    public int SmallestDimensions { get; }

    /// <summary>Bytes of its weights in memory.</summary>
    public long WeightBytes => _model.WeightBytes;

    /// <summary>The most tokens of a text, special ones included.</summary>
    public int MaxTokens => _sequences.Limit;

    /// <summary>Whether a folder holds an embedding model: it says so, or it is an encoder without a head.</summary>
    public static bool IsFor(string folder)
    {
        if (SentenceModules.Describes(folder))
            return true;
        try
        {
            var config = ConfigReader.OpenFolder(folder);
            return Encoders.IsEncoder(config.Text("model_type")) && !Reranker.IsClassifier(config);
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    /// <summary>Loads a model's folder.</summary>
    /// <param name="folder">With <c>config.json</c>, weights, <c>tokenizer.json</c> and, mostly, <c>modules.json</c>.</param>
    /// <param name="backend">Where the model is to live; it stays the caller's.</param>
    /// <param name="thread">The engine thread.</param>
    /// <param name="progress">Is told how many bytes are loaded.</param>
    /// <param name="cancel">Stops loading.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or asks for what we do not compute.</exception>
    public static async Task<Embedder> LoadAsync(
        string folder, IBackend backend, EngineThread thread, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        var modules = SentenceModules.Read(folder);
        var config = modules.IsStatic ? ConfigReader.Parse(folder, "{}"u8.ToArray()) : ConfigReader.OpenFolder(modules.EncoderFolder);
        var known = KnownModel.Find(ModelId.OfFolder(folder));
        var prompts = Prompts.Read(folder, known);
        bool isModel2Vec = config.Text("model_type") == "model2vec";
        var tokenizer = SequenceBuilder.Open(modules.EncoderFolder, modules.IsStatic || isModel2Vec, dropsUnknown: isModel2Vec);
        var model = await LoadedSequenceModel.LoadAsync(
            modules.EncoderFolder, config, backend, thread, weights => Build(modules, config, weights), progress, cancel).ConfigureAwait(false);
        try
        {
            var recipe = new VectorRecipe
            {
                Normalize = modules.Normalize || (isModel2Vec && config.Flag("normalize") == true),
                LayerNormBeforeCut = config.Text("model_type") == "nomic_bert",
            };
            int smallest = config.Integers("matryoshka_dimensions") is { Count: > 0 } trained ? trained.Min() : known?.SmallestDimensions ?? 1;
            var sequences = tokenizer.Limited(modules.MaxLength, model.ContextLength, modules.LowerCase);
            return new Embedder(model, sequences, prompts, recipe, Math.Clamp(smallest, 1, model.Width));
        }
        catch
        {
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The prefix that the model wants before texts of a type; empty if it wants none.</summary>
    public string Prefix(InputType type) => _prompts.For(type);

    /// <summary>How many tokens a text has, special ones included, before it is cut.</summary>
    public int CountTokens(string text) => _sequences.Single(text).FullLength;

    /// <summary>Embeds texts.</summary>
    /// <returns>Their vectors, in their order.</returns>
    /// <exception cref="EmbeddingException">
    /// A text is too long and not to be cut, the dimensions cannot be had, the queue is full, or the engine failed.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public Task<IReadOnlyList<TextEmbedding>> EmbedAsync(IReadOnlyList<string> texts, EmbedOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new EmbedOptions();
        string prefix = options.Prefix ?? (options.InputType is { } type ? Prefix(type) : "");
        var sequences = new TokenSequence[texts.Count];
        for (int i = 0; i < sequences.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            sequences[i] = EmbeddingException.Blaming(i, () => _sequences.Single(prefix + texts[i]));
            if (sequences[i].Truncated && !options.Truncate)
                throw EmbeddingException.TooLong(i, sequences[i].FullLength, MaxTokens);
        }

        return EmbedAsync(sequences, options.Dimensions, cancel);
    }

    /// <summary>Embeds texts that a client has made tokens of; they go in as they are, special tokens included.</summary>
    /// <returns>Their vectors, in their order.</returns>
    /// <exception cref="EmbeddingException">As for texts, or a token is not in the vocabulary.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public Task<IReadOnlyList<TextEmbedding>> EmbedTokensAsync(IReadOnlyList<int[]> texts, EmbedOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new EmbedOptions();
        var sequences = new TokenSequence[texts.Count];
        for (int i = 0; i < sequences.Length; i++)
        {
            int[] ids = texts[i];
            if (ids.Length > MaxTokens && !options.Truncate)
                throw EmbeddingException.TooLong(i, ids.Length, MaxTokens);
            sequences[i] = new TokenSequence(ids.Length > MaxTokens ? ids[..MaxTokens] : ids, [], ids.Length);
        }

        return EmbedAsync(sequences, options.Dimensions, cancel);
    }

    /// <summary>Ends what waits and frees the model.</summary>
    public ValueTask DisposeAsync() => _model.DisposeAsync();

    private async Task<IReadOnlyList<TextEmbedding>> EmbedAsync(TokenSequence[] sequences, int? dimensions, CancellationToken cancel)
    {
        if (dimensions is { } count && (count < SmallestDimensions || count > Width))
            throw new EmbeddingException(EmbeddingFault.UnsupportedDimensions, $"The model gives {SmallestDimensions} to {Width} dimensions, not {count}.");
        // Static vectors of an empty text are the mean of nothing: zero.
        TokenSequence[] read = [.. sequences.Where(sequence => sequence.Ids.Length > 0)];
        var vectors = await _model.RunAsync(read, cancel).ConfigureAwait(false);
        int next = 0;
        return [.. sequences.Select(sequence => new TextEmbedding(
            _recipe.Finish(sequence.Ids.Length > 0 ? vectors[next++] : new float[Width], dimensions), sequence.Ids.Length, sequence.Truncated))];
    }

    private static PooledEncoder Build(SentenceModules modules, ConfigReader config, ModelWeights weights)
    {
        var encoder = modules.IsStatic ? Encoders.LoadStatic(weights) : Encoders.Load(config, weights);
        var dense = new List<DenseModule>();
        try
        {
            foreach (string folder in modules.DenseFolders)
                dense.Add(new DenseModule(folder, dense.Count == 0 ? encoder.Width : dense[^1].OutFeatures, weights.Backend));
            return new PooledEncoder(encoder, modules.Pooling, dense, weights.Backend);
        }
        catch
        {
            foreach (var module in dense)
                module.Dispose();
            encoder.Dispose();
            throw;
        }
    }
}
