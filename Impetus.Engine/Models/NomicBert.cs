using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// nomic-embed-text v1 and v1.5 (Nussbaum et al. 2024): BERT's post-norm blocks with rotary positions and a gated MLP, mostly
/// without biases. Its <c>config.json</c> uses GPT-2's key names, newer files BERT's as well or alone.
/// </summary>
internal sealed class NomicBert : LayeredEncoder
{
    private readonly EmbeddingWeight _words;
    private readonly EmbeddingWeight? _types;
    private readonly Tensor _normWeight, _normBias;
    private readonly NomicBertConfig _config;

    public NomicBert(NomicBertConfig config, ModelWeights weights)
        : base(weights)
    {
        _config = config;
        string prefix = weights.Has("embeddings.word_embeddings") ? "" : "bert.";
        _words = weights.Embedding(prefix + "embeddings.word_embeddings", config.VocabularySize, config.Width);
        if (config.StoredTokenTypes > 0)
            _types = weights.Embedding(prefix + "embeddings.token_type_embeddings", config.StoredTokenTypes, config.Width);
        _normWeight = weights.Tensor(prefix + "emb_ln.weight", new Shape(config.Width));
        _normBias = weights.Tensor(prefix + "emb_ln.bias", new Shape(config.Width));
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => new NomicBertBlock(config, layer, $"{prefix}encoder.layers.{layer}.", weights))];
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

/// <summary>What <c>config.json</c> says of a nomic_bert model.</summary>
internal sealed record NomicBertConfig
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

    public required bool AttentionBias { get; init; }

    public required bool UpBias { get; init; }

    public required bool DownBias { get; init; }

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static NomicBertConfig Read(ConfigReader config)
    {
        foreach (string key in (string[])["prenorm", "parallel_block", "use_rms_norm", "causal", "scale_attn_by_inverse_layer_idx"])
            config.Require(key, "false");
        foreach (string key in (string[])["rotary_emb_scale_base", "rotary_scaling_factor", "num_experts"])
            config.Require(key, "0");
        config.Require("scale_attn_weights", "true");

        int width = config.Positive(Either("n_embd", "hidden_size"));
        int heads = EncoderConfig.Heads(config, Either("n_head", "num_attention_heads"), width);
        return new NomicBertConfig
        {
            Layers = config.Positive(Either("n_layer", "num_hidden_layers")),
            Width = width,
            Heads = heads,
            MlpWidth = config.Positive(Either("n_inner", "intermediate_size"), 4 * width),
            VocabularySize = config.Positive("vocab_size"),
            StoredTokenTypes = config.Integer("type_vocab_size") ?? 0,
            ContextLength = config.Positive(Either("n_positions", "max_position_embeddings")),
            NormEpsilon = (float)(config.Number(Either("layer_norm_epsilon", "layer_norm_eps")) ?? 1e-12),
            Activation = ReadActivation(config),
            Rope = ReadRope(config, width / heads),
            AttentionBias = config.Flag("qkv_proj_bias") ?? false,
            UpBias = config.Flag("mlp_fc1_bias") ?? false,
            DownBias = config.Flag("mlp_fc2_bias") ?? false,
        };

        string Either(string older, string newer) => config.Element(older) is null ? newer : older;
    }

    private static Activation ReadActivation(ConfigReader config) => config.Text("activation_function") switch
    {
        null => ActivationConfig.Read(config, "hidden_act"),
        "swiglu" => Activation.Silu,
        "geglu" => Activation.Gelu,
        _ => throw config.Refuse("activation_function", "supported: swiglu, geglu"),
    };

    private static RopeFrequencies ReadRope(ConfigReader config, int headWidth)
    {
        double part = config.Number("rotary_emb_fraction") ?? 1;
        int dims = (int)(headWidth * part);
        if (part > 1 || dims < 2 || dims % 2 != 0)
        {
            throw config.Refuse(
                config.Element("rotary_emb_fraction") is null ? "hidden_size" : "rotary_emb_fraction",
                $"an even number of a head's {headWidth} features must rotate");
        }

        return RopeConfig.Read(config, dims, config.Number("rotary_emb_base") ?? 10_000, config.Flag("rotary_emb_interleaved") ?? false);
    }
}

/// <summary>One layer: norm(x + attention(x)), then norm(x + mlp(x)).</summary>
internal sealed class NomicBertBlock(NomicBertConfig config, int layer, string prefix, ModelWeights weights) : IEncoderBlock
{
    private readonly IBackend _backend = weights.Backend;
    private readonly RotaryAttention _attention = new(
        layer, config.Width, config.Heads, config.Rope, prefix + "attn.Wqkv", config.AttentionBias, prefix + "attn.out_proj", config.AttentionBias, weights);

    private readonly Tensor _norm1Weight = weights.Tensor(prefix + "norm1.weight", new Shape(config.Width));
    private readonly Tensor _norm1Bias = weights.Tensor(prefix + "norm1.bias", new Shape(config.Width));
    private readonly LinearWeight _up = weights.Linear(prefix + "mlp.fc11", config.Width, config.MlpWidth, config.UpBias);
    private readonly LinearWeight _gate = weights.Linear(prefix + "mlp.fc12", config.Width, config.MlpWidth, config.UpBias);
    private readonly LinearWeight _down = weights.Linear(prefix + "mlp.fc2", config.MlpWidth, config.Width, config.DownBias);
    private readonly Tensor _norm2Weight = weights.Tensor(prefix + "norm2.weight", new Shape(config.Width));
    private readonly Tensor _norm2Bias = weights.Tensor(prefix + "norm2.bias", new Shape(config.Width));

    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.LayerNorm(_backend.Add(x, _attention.Forward(x, batch)), _norm1Weight, _norm1Bias, config.NormEpsilon);
        var hidden = _backend.Project(_backend.GatedProject(x, _gate, _up, config.Activation), _down);
        return _backend.LayerNorm(_backend.Add(x, hidden), _norm2Weight, _norm2Bias, config.NormEpsilon);
    }
}
