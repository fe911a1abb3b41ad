using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// snowflake-arctic-embed-m-v2.0 on Alibaba's GTE encoder (Zhang et al. 2024): post-norm blocks with rotary positions and a
/// gated MLP.
/// </summary>
internal sealed class Gte : LayeredEncoder
{
    private readonly EmbeddingWeight _words;
    private readonly EmbeddingWeight? _types;
    private readonly Tensor _normWeight, _normBias;
    private readonly GteConfig _config;

    public Gte(GteConfig config, ModelWeights weights)
        : base(weights)
    {
        _config = config;
        string prefix = weights.Has("embeddings.word_embeddings") ? "" : "gte.";
        _words = weights.Embedding(prefix + "embeddings.word_embeddings", config.VocabularySize, config.Width);
        if (config.StoredTokenTypes > 0)
            _types = weights.Embedding(prefix + "embeddings.token_type_embeddings", config.StoredTokenTypes, config.Width);
        _normWeight = weights.Tensor(prefix + "embeddings.LayerNorm.weight", new Shape(config.Width));
        _normBias = weights.Tensor(prefix + "embeddings.LayerNorm.bias", new Shape(config.Width));
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => new GteBlock(config, layer, $"{prefix}encoder.layer.{layer}.", weights))];
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int TokenTypes => Math.Max(1, _config.StoredTokenTypes);

    public override int ContextLength => _config.ContextLength;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch)
    {
        var x = Backend.Embed(_words, batch);
        if (_types is not null)
            x = Backend.Add(x, Backend.Embed(_types, batch, Lookup.TokenType));
        return Backend.LayerNorm(x, _normWeight, _normBias, _config.NormEpsilon);
    }
}

/// <summary>What <c>config.json</c> says of a gte model.</summary>
internal sealed record GteConfig
{
    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int MlpWidth { get; init; }

    public required int VocabularySize { get; init; }

    public required int StoredTokenTypes { get; init; }

    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required Activation Activation { get; init; }

    public required RopeFrequencies Rope { get; init; }

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static GteConfig Read(ConfigReader config)
    {
        config.Require("position_embedding_type", "rope");
        config.Require("layer_norm_type", "layer_norm");
        config.Require("logn_attention_scale", "false");
        config.Require("pack_qkv", "true");
        int width = config.Positive("hidden_size");
        int heads = EncoderConfig.Heads(config, "num_attention_heads", width);
        if (width / heads % 2 != 0)
            throw config.Refuse("num_attention_heads", "rotary positions need heads of even width");
        return new GteConfig
        {
            Layers = config.Positive("num_hidden_layers"),
            Width = width,
            Heads = heads,
            MlpWidth = config.Positive("intermediate_size"),
            VocabularySize = config.Positive("vocab_size"),
            StoredTokenTypes = config.Integer("type_vocab_size") ?? 0,
            ContextLength = config.Positive("max_position_embeddings"),
            NormEpsilon = (float)(config.Number("layer_norm_eps") ?? 1e-12),
            Activation = ActivationConfig.Read(config, "hidden_act", "gelu"),
            Rope = RopeConfig.Read(config, width / heads),
        };
    }
}

/// <summary>One layer: norm(x + attention(x)), then norm(x + mlp(x)). The file stores [up, gate] as one matrix.</summary>
internal sealed class GteBlock(GteConfig config, int layer, string prefix, ModelWeights weights) : IEncoderBlock
{
    private readonly IBackend _backend = weights.Backend;
    private readonly RotaryAttention _attention = new(
        layer, config.Width, config.Heads, config.Rope, prefix + "attention.qkv_proj", true, prefix + "attention.o_proj", true, weights);

    private readonly Tensor _attentionNormWeight = weights.Tensor(prefix + "attn_ln.weight", new Shape(config.Width));
    private readonly Tensor _attentionNormBias = weights.Tensor(prefix + "attn_ln.bias", new Shape(config.Width));
    private readonly LinearWeight _up =
        weights.Rows(prefix + "mlp.up_gate_proj", config.Width, 2 * config.MlpWidth, 0, config.MlpWidth, bias: false);

    private readonly LinearWeight _gate =
        weights.Rows(prefix + "mlp.up_gate_proj", config.Width, 2 * config.MlpWidth, config.MlpWidth, config.MlpWidth, bias: false);

    private readonly LinearWeight _down = weights.Linear(prefix + "mlp.down_proj", config.MlpWidth, config.Width);
    private readonly Tensor _mlpNormWeight = weights.Tensor(prefix + "mlp_ln.weight", new Shape(config.Width));
    private readonly Tensor _mlpNormBias = weights.Tensor(prefix + "mlp_ln.bias", new Shape(config.Width));

    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.LayerNorm(_backend.Add(x, _attention.Forward(x, batch)), _attentionNormWeight, _attentionNormBias, config.NormEpsilon);
        var hidden = _backend.Project(_backend.GatedProject(x, _gate, _up, config.Activation), _down);
        return _backend.LayerNorm(_backend.Add(x, hidden), _mlpNormWeight, _mlpNormBias, config.NormEpsilon);
    }
}
