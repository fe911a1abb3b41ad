using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// ModernBERT (Warner et al. 2024): pre-norm blocks with rotary positions and a gated MLP, where most layers see a window only
/// and turn by another base.
/// </summary>
internal sealed class ModernBert : LayeredEncoder
{
    private readonly EmbeddingWeight _words;
    private readonly ModernBertNorm _embeddingNorm, _finalNorm;
    private readonly ModernBertConfig _config;

    public ModernBert(ModernBertConfig config, ModelWeights weights)
        : base(weights)
    {
        _config = config;
        string prefix = weights.Has("embeddings.tok_embeddings") ? "" : "model.";
        _words = weights.Embedding(prefix + "embeddings.tok_embeddings", config.VocabularySize, config.Width);
        _embeddingNorm = new ModernBertNorm(config, prefix + "embeddings.norm", weights);
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => new ModernBertBlock(config, layer, $"{prefix}layers.{layer}.", weights))];
        _finalNorm = new ModernBertNorm(config, prefix + "final_norm", weights);
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int ContextLength => _config.ContextLength;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch) => _embeddingNorm.Forward(Backend.Embed(_words, batch));

    protected override Tensor Norm(Tensor x) => _finalNorm.Forward(x);
}

/// <summary>What <c>config.json</c> says of a modernbert model.</summary>
internal sealed record ModernBertConfig
{
    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int MlpWidth { get; init; }

    public required int VocabularySize { get; init; }

    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required bool NormBias { get; init; }

    public required bool AttentionBias { get; init; }

    public required bool MlpBias { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>For each layer whether it sees all tokens.</summary>
    public required IReadOnlyList<bool> SeesAll { get; init; }

    /// <summary>How far a layer sees that does not see all, to either side.</summary>
    public required int Window { get; init; }

    public required RopeFrequencies FullRope { get; init; }

    public required RopeFrequencies WindowRope { get; init; }

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static ModernBertConfig Read(ConfigReader config)
    {
        int width = config.Positive("hidden_size");
        int heads = EncoderConfig.Heads(config, "num_attention_heads", width);
        if (width / heads % 2 != 0)
            throw config.Refuse("num_attention_heads", "rotary positions need heads of even width");
        int layers = config.Positive("num_hidden_layers");
        double fullBase = config.Number("global_rope_theta") ?? 160_000;
        return new ModernBertConfig
        {
            Layers = layers,
            Width = width,
            Heads = heads,
            MlpWidth = config.Positive("intermediate_size"),
            VocabularySize = config.Positive("vocab_size"),
            ContextLength = config.Positive("max_position_embeddings"),
            NormEpsilon = (float)(config.Number("norm_eps") ?? 1e-5),
            NormBias = config.Flag("norm_bias") ?? false,
            AttentionBias = config.Flag("attention_bias") ?? false,
            MlpBias = config.Flag("mlp_bias") ?? false,
            Activation = ActivationConfig.Read(config, "hidden_activation", "gelu"),
            SeesAll = EncoderConfig.FullLayers(config, layers, config.Positive("global_attn_every_n_layers", 3), first: 0),
            Window = config.Positive("local_attention", 128) / 2,
            FullRope = RopeConfig.ReadFor(config, "full_attention", width / heads, fullBase),
            WindowRope = RopeConfig.ReadFor(config, "sliding_attention", width / heads, config.Number("local_rope_theta") ?? fullBase),
        };
    }
}

/// <summary>Layer norm, usually without a bias.</summary>
internal sealed class ModernBertNorm(ModernBertConfig config, string name, ModelWeights weights)
{
    private readonly Tensor _weight = weights.Tensor(name + ".weight", new Shape(config.Width));
    private readonly Tensor? _bias = config.NormBias ? weights.Tensor(name + ".bias", new Shape(config.Width)) : null;

    public Tensor Forward(Tensor x) => weights.Backend.LayerNorm(x, _weight, _bias, config.NormEpsilon);
}

/// <summary>
/// One layer: x + attention(norm(x)), then x + mlp(norm(x)); the first has no norm before its attention. The file stores
/// [activated half, factor half] as one matrix.
/// </summary>
internal sealed class ModernBertBlock(ModernBertConfig config, int layer, string prefix, ModelWeights weights) : IEncoderBlock
{
    private readonly IBackend _backend = weights.Backend;
    private readonly ModernBertNorm? _attentionNorm = layer == 0 ? null : new ModernBertNorm(config, prefix + "attn_norm", weights);
    private readonly RotaryAttention _attention = new(
        layer, config.Width, config.Heads, config.SeesAll[layer] ? config.FullRope : config.WindowRope,
        prefix + "attn.Wqkv", config.AttentionBias, prefix + "attn.Wo", config.AttentionBias, weights, config.SeesAll[layer] ? null : config.Window);

    private readonly ModernBertNorm _mlpNorm = new(config, prefix + "mlp_norm", weights);
    private readonly LinearWeight _gate = weights.Rows(prefix + "mlp.Wi", config.Width, 2 * config.MlpWidth, 0, config.MlpWidth, config.MlpBias);
    private readonly LinearWeight _up = weights.Rows(prefix + "mlp.Wi", config.Width, 2 * config.MlpWidth, config.MlpWidth, config.MlpWidth, config.MlpBias);
    private readonly LinearWeight _down = weights.Linear(prefix + "mlp.Wo", config.MlpWidth, config.Width, config.MlpBias);

    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.Add(x, _attention.Forward(_attentionNorm?.Forward(x) ?? x, batch));
        return _backend.Add(x, _backend.Project(_backend.GatedProject(_mlpNorm.Forward(x), _gate, _up, config.Activation), _down));
    }
}
