using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// EmbeddingGemma (Schechter Vera et al. 2025): Gemma 3's blocks with attention to both sides, where most layers see a window
/// only. The file stores its norms' weights minus one.
/// </summary>
internal sealed class GemmaEmbedding : LayeredEncoder
{
    private readonly EmbeddingWeight _words;
    private readonly Tensor _norm;
    private readonly GemmaEmbeddingConfig _config;

    public GemmaEmbedding(GemmaEmbeddingConfig config, ModelWeights weights)
        : base(weights)
    {
        _config = config;
        string prefix = weights.Has("embed_tokens") ? "" : "model.";
        _words = weights.Embedding(prefix + "embed_tokens", config.VocabularySize, config.Width);
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => new GemmaEmbeddingBlock(config, layer, $"{prefix}layers.{layer}.", weights))];
        _norm = weights.Tensor(prefix + "norm.weight", new Shape(config.Width), offset: 1);
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int ContextLength => _config.ContextLength;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch) => Backend.Scale(Backend.Embed(_words, batch), MathF.Sqrt(_config.Width));

    protected override Tensor Norm(Tensor x) => Backend.RmsNorm(x, _norm, _config.NormEpsilon);
}

/// <summary>What <c>config.json</c> says of a gemma3_text model that embeds.</summary>
internal sealed record GemmaEmbeddingConfig
{
    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int KeyHeads { get; init; }

    public required int HeadWidth { get; init; }

    public required int MlpWidth { get; init; }

    public required int VocabularySize { get; init; }

    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required bool AttentionBias { get; init; }

    public required float AttentionScale { get; init; }

    public float? SoftCap { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>For each layer whether it sees all tokens.</summary>
    public required IReadOnlyList<bool> SeesAll { get; init; }

    /// <summary>How far a layer sees that does not see all, to either side.</summary>
    public required int Window { get; init; }

    public required RopeFrequencies FullRope { get; init; }

    public required RopeFrequencies WindowRope { get; init; }

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static GemmaEmbeddingConfig Read(ConfigReader config)
    {
        if (config.Flag("use_bidirectional_attention") != true)
            throw config.Refuse("use_bidirectional_attention", "a Gemma that embeds has true here; this one is a language model");
        int layers = config.Positive("num_hidden_layers");
        int heads = config.Positive("num_attention_heads"), keyHeads = config.Positive("num_key_value_heads", heads);
        if (heads % keyHeads != 0)
            throw config.Refuse("num_key_value_heads", $"the {heads} query heads cannot be shared among them evenly");
        int headWidth = config.Positive("head_dim", 256);
        if (headWidth % 2 != 0)
            throw config.Refuse("head_dim", "rotary positions need an even number");
        int every = config.Positive(config.Element("sliding_window_pattern") is null ? "_sliding_window_pattern" : "sliding_window_pattern", 6);
        return new GemmaEmbeddingConfig
        {
            Layers = layers,
            Width = config.Positive("hidden_size"),
            Heads = heads,
            KeyHeads = keyHeads,
            HeadWidth = headWidth,
            MlpWidth = config.Positive("intermediate_size"),
            VocabularySize = config.Positive("vocab_size"),
            ContextLength = config.Positive("max_position_embeddings"),
            NormEpsilon = (float)(config.Number("rms_norm_eps") ?? 1e-6),
            AttentionBias = config.Flag("attention_bias") ?? false,
            AttentionScale = (float)(1 / Math.Sqrt(config.Number("query_pre_attn_scalar") ?? 256)),
            SoftCap = (float?)config.Number("attn_logit_softcapping"),
            Activation = ActivationConfig.Read(config, "hidden_activation", "gelu_pytorch_tanh"),
            SeesAll = EncoderConfig.FullLayers(config, layers, every, first: every - 1),
            Window = config.Positive("sliding_window", 4096) / 2,
            FullRope = config.Section("rope_parameters") is null
                ? RopeConfig.Read(config, headWidth, 1_000_000)
                : RopeConfig.ReadFor(config, "full_attention", headWidth, 1_000_000),
            WindowRope = RopeConfig.ReadFor(config, "sliding_attention", headWidth, config.Number("rope_local_base_freq") ?? 10_000),
        };
    }
}

/// <summary>One layer: x + norm(attention(norm(x))), then x + norm(mlp(norm(x))).</summary>
internal sealed class GemmaEmbeddingBlock(GemmaEmbeddingConfig config, int layer, string prefix, ModelWeights weights) : IEncoderBlock
{
    private readonly IBackend _backend = weights.Backend;
    private readonly Tensor _beforeAttention = weights.Tensor(prefix + "input_layernorm.weight", new Shape(config.Width), offset: 1);
    private readonly GemmaEmbeddingAttention _attention = new(config, layer, prefix + "self_attn.", weights);
    private readonly Tensor _afterAttention = weights.Tensor(prefix + "post_attention_layernorm.weight", new Shape(config.Width), offset: 1);
    private readonly Tensor _beforeMlp = weights.Tensor(prefix + "pre_feedforward_layernorm.weight", new Shape(config.Width), offset: 1);
    private readonly LinearWeight _gate = weights.Linear(prefix + "mlp.gate_proj", config.Width, config.MlpWidth, bias: false);
    private readonly LinearWeight _up = weights.Linear(prefix + "mlp.up_proj", config.Width, config.MlpWidth, bias: false);
    private readonly LinearWeight _down = weights.Linear(prefix + "mlp.down_proj", config.MlpWidth, config.Width, bias: false);
    private readonly Tensor _afterMlp = weights.Tensor(prefix + "post_feedforward_layernorm.weight", new Shape(config.Width), offset: 1);

    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.Add(x, Norm(_attention.Forward(Norm(x, _beforeAttention), batch), _afterAttention));
        var hidden = _backend.Project(_backend.GatedProject(Norm(x, _beforeMlp), _gate, _up, config.Activation), _down);
        return _backend.Add(x, Norm(hidden, _afterMlp));
    }

    private Tensor Norm(Tensor x, Tensor weight) => _backend.RmsNorm(x, weight, config.NormEpsilon);
}

/// <summary>Grouped-query attention whose queries and keys are normed per head before they turn.</summary>
internal sealed class GemmaEmbeddingAttention(GemmaEmbeddingConfig config, int layer, string prefix, ModelWeights weights)
{
    private readonly IBackend _backend = weights.Backend;
    private readonly LinearWeight _query = weights.Linear(prefix + "q_proj", config.Width, config.Heads * config.HeadWidth, config.AttentionBias);
    private readonly LinearWeight _key = weights.Linear(prefix + "k_proj", config.Width, config.KeyHeads * config.HeadWidth, config.AttentionBias);
    private readonly LinearWeight _value = weights.Linear(prefix + "v_proj", config.Width, config.KeyHeads * config.HeadWidth, config.AttentionBias);
    private readonly LinearWeight _output = weights.Linear(prefix + "o_proj", config.Heads * config.HeadWidth, config.Width, config.AttentionBias);
    private readonly Tensor _queryNorm = weights.Tensor(prefix + "q_norm.weight", new Shape(config.HeadWidth), offset: 1);
    private readonly Tensor _keyNorm = weights.Tensor(prefix + "k_norm.weight", new Shape(config.HeadWidth), offset: 1);
    private readonly RopeFrequencies _rope = config.SeesAll[layer] ? config.FullRope : config.WindowRope;
    private readonly AttendOptions _options = new()
    {
        Scale = config.AttentionScale,
        SoftCap = config.SoftCap,
        Left = config.SeesAll[layer] ? null : config.Window,
        Right = config.SeesAll[layer] ? null : config.Window,
    };

    /// <summary>(T, D) to (T, D).</summary>
    public Tensor Forward(Tensor x, Batch batch)
    {
        var projected = _backend.Project(x, _query, _key, _value);
        var query = _backend.RmsNorm(Heads(projected[0], config.Heads), _queryNorm, config.NormEpsilon);
        var key = _backend.RmsNorm(Heads(projected[1], config.KeyHeads), _keyNorm, config.NormEpsilon);
        query = _backend.Rope(query, batch, _rope);
        key = _backend.Rope(key, batch, _rope);
        var attended = _backend.Attend(layer, query, key, Heads(projected[2], config.KeyHeads), batch, _options);
        return _backend.Project(_backend.Reshape(attended, new Shape(batch.TokenCount, config.Heads * config.HeadWidth)), _output);
    }

    private Tensor Heads(Tensor x, int heads) => _backend.Reshape(x, new Shape(x.Shape[0], heads, config.HeadWidth));
}
