using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// BERT (Devlin et al. 2018): learned positions and token types, post-norm blocks of full attention and an MLP.
/// </summary>
internal sealed class Bert : LayeredEncoder
{
    private readonly EmbeddingWeight _words, _positions, _types;
    private readonly Tensor _normWeight, _normBias;
    private readonly BertConfig _config;
    private readonly int _firstPosition;

    /// <param name="config">Sizes.</param>
    /// <param name="weights">Whose names begin with nothing or with <paramref name="prefix"/>.</param>
    /// <param name="prefix">What the names begin with in checkpoints that also have a head.</param>
    /// <param name="firstPosition">The position of the first token: RoBERTa leaves those below for padding.</param>
    public Bert(BertConfig config, ModelWeights weights, string prefix = "bert.", int firstPosition = 0)
        : base(weights)
    {
        if (weights.Has("embeddings.word_embeddings"))
            prefix = "";
        (_config, _firstPosition) = (config, firstPosition);
        _words = weights.Embedding(prefix + "embeddings.word_embeddings", config.VocabularySize, config.Width);
        _positions = weights.Embedding(prefix + "embeddings.position_embeddings", config.Positions, config.Width);
        _types = weights.Embedding(prefix + "embeddings.token_type_embeddings", config.TokenTypes, config.Width);
        _normWeight = weights.Tensor(prefix + "embeddings.LayerNorm.weight", new Shape(config.Width));
        _normBias = weights.Tensor(prefix + "embeddings.LayerNorm.bias", new Shape(config.Width));
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer =>
            new BertBlock(config, layer, BertNames.Of($"{prefix}encoder.layer.{layer}."), weights))];
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int TokenTypes => _config.TokenTypes;

    public override int ContextLength => _config.Positions - _firstPosition;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch)
    {
        var x = Backend.Add(Backend.Embed(_words, batch), Backend.Embed(_types, batch, Lookup.TokenType));
        x = Backend.Add(x, Backend.Embed(_positions, batch, Lookup.Position, _firstPosition));
        return Backend.LayerNorm(x, _normWeight, _normBias, _config.NormEpsilon);
    }
}

/// <summary>What <c>config.json</c> says of a BERT-shaped model.</summary>
internal sealed record BertConfig
{
    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int MlpWidth { get; init; }

    public required int VocabularySize { get; init; }

    public required int Positions { get; init; }

    public int TokenTypes { get; init; } = 1;

    public required float NormEpsilon { get; init; }

    public required Activation Activation { get; init; }

    public int HeadWidth => Width / Heads;

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static BertConfig Read(ConfigReader config)
    {
        config.Require("position_embedding_type", "absolute");
        config.Require("is_decoder", "false");
        config.Require("add_cross_attention", "false");
        int width = config.Positive("hidden_size");
        return new BertConfig
        {
            Layers = config.Positive("num_hidden_layers"),
            Width = width,
            Heads = EncoderConfig.Heads(config, "num_attention_heads", width),
            MlpWidth = config.Positive("intermediate_size"),
            VocabularySize = config.Positive("vocab_size"),
            Positions = config.Positive("max_position_embeddings"),
            TokenTypes = config.Positive("type_vocab_size", 2),
            NormEpsilon = (float)(config.Number("layer_norm_eps") ?? 1e-12),
            Activation = ActivationConfig.Read(config, "hidden_act", "gelu"),
        };
    }
}

/// <summary>What a layer's parts are called in the checkpoint.</summary>
internal sealed record BertNames(
    string Query, string Key, string Value, string Output, string AttentionNorm, string Up, string Down, string MlpNorm)
{
    public static BertNames Of(string layer) => new(
        layer + "attention.self.query", layer + "attention.self.key", layer + "attention.self.value",
        layer + "attention.output.dense", layer + "attention.output.LayerNorm",
        layer + "intermediate.dense", layer + "output.dense", layer + "output.LayerNorm");
}

/// <summary>One layer: norm(x + attention(x)), then norm(x + mlp(x)).</summary>
internal sealed class BertBlock(BertConfig config, int layer, BertNames names, ModelWeights weights, RelativeBias? bias = null) : IEncoderBlock
{
    private readonly IBackend _backend = weights.Backend;
    private readonly BertAttention _attention = new(config, layer, names, weights, bias);
    private readonly Tensor _attentionNormWeight = weights.Tensor(names.AttentionNorm + ".weight", new Shape(config.Width));
    private readonly Tensor _attentionNormBias = weights.Tensor(names.AttentionNorm + ".bias", new Shape(config.Width));
    private readonly LinearWeight _up = weights.Linear(names.Up, config.Width, config.MlpWidth);
    private readonly LinearWeight _down = weights.Linear(names.Down, config.MlpWidth, config.Width);
    private readonly Tensor _mlpNormWeight = weights.Tensor(names.MlpNorm + ".weight", new Shape(config.Width));
    private readonly Tensor _mlpNormBias = weights.Tensor(names.MlpNorm + ".bias", new Shape(config.Width));

    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.LayerNorm(_backend.Add(x, _attention.Forward(x, batch)), _attentionNormWeight, _attentionNormBias, config.NormEpsilon);
        var hidden = _backend.Activate(_backend.Project(x, _up), config.Activation);
        return _backend.LayerNorm(_backend.Add(x, _backend.Project(hidden, _down)), _mlpNormWeight, _mlpNormBias, config.NormEpsilon);
    }
}

/// <summary>Multi-head attention (Vaswani et al. 2017).</summary>
internal sealed class BertAttention(BertConfig config, int layer, BertNames names, ModelWeights weights, RelativeBias? bias)
{
    private readonly IBackend _backend = weights.Backend;
    private readonly LinearWeight _query = weights.Linear(names.Query, config.Width, config.Width);
    private readonly LinearWeight _key = weights.Linear(names.Key, config.Width, config.Width);
    private readonly LinearWeight _value = weights.Linear(names.Value, config.Width, config.Width);
    private readonly LinearWeight _output = weights.Linear(names.Output, config.Width, config.Width);
    private readonly AttendOptions _options = new() { Scale = 1 / MathF.Sqrt(config.HeadWidth), Bias = bias };

    /// <summary>(T, D) to (T, D).</summary>
    public Tensor Forward(Tensor x, Batch batch)
    {
        var projected = _backend.Project(x, _query, _key, _value);
        var attended = _backend.Attend(layer, Heads(projected[0]), Heads(projected[1]), Heads(projected[2]), batch, _options);
        return _backend.Project(_backend.Reshape(attended, new Shape(batch.TokenCount, config.Width)), _output);
    }

    private Tensor Heads(Tensor x) => _backend.Reshape(x, new Shape(x.Shape[0], config.Heads, config.HeadWidth));
}
