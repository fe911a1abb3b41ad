using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// Qwen3 without its head, as embedder (Zhang et al. 2025) and under the reranker: pre-norm blocks of causal grouped-query
/// attention with normed queries and keys, rotary positions and a gated MLP.
/// </summary>
internal sealed class Qwen3Embedding : LayeredEncoder
{
    private readonly EmbeddingWeight _words;
    private readonly Tensor _norm;
    private readonly Qwen3Config _config;

    public Qwen3Embedding(Qwen3Config config, ModelWeights weights)
        : base(weights)
    {
        _config = config;
        string prefix = weights.Has("embed_tokens") ? "" : "model.";
        _words = weights.Embedding(prefix + "embed_tokens", config.VocabularySize, config.Width);
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => new Qwen3Block(config, layer, $"{prefix}layers.{layer}.", weights))];
        _norm = weights.Tensor(prefix + "norm.weight", new Shape(config.Width));
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int ContextLength => _config.ContextLength;

    public override bool Bidirectional => false;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch) => Backend.Embed(_words, batch);

    protected override Tensor Norm(Tensor x) => Backend.RmsNorm(x, _norm, _config.NormEpsilon);
}

/// <summary>What <c>config.json</c> says of a qwen3 model that embeds.</summary>
internal sealed record Qwen3Config
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

    public required Activation Activation { get; init; }

    public required RopeFrequencies Rope { get; init; }

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static Qwen3Config Read(ConfigReader config)
    {
        config.Require("use_sliding_window", "false");
        int heads = config.Positive("num_attention_heads"), keyHeads = config.Positive("num_key_value_heads", heads);
        if (heads % keyHeads != 0)
            throw config.Refuse("num_key_value_heads", $"the {heads} query heads cannot be shared among them evenly");
        int headWidth = config.Positive("head_dim", 128);
        if (headWidth % 2 != 0)
            throw config.Refuse("head_dim", "rotary positions need an even number");
        return new Qwen3Config
        {
            Layers = config.Positive("num_hidden_layers"),
            Width = config.Positive("hidden_size"),
            Heads = heads,
            KeyHeads = keyHeads,
            HeadWidth = headWidth,
            MlpWidth = config.Positive("intermediate_size"),
            VocabularySize = config.Positive("vocab_size"),
            ContextLength = config.Positive("max_position_embeddings"),
            NormEpsilon = (float)(config.Number("rms_norm_eps") ?? 1e-6),
            AttentionBias = config.Flag("attention_bias") ?? false,
            Activation = ActivationConfig.Read(config, "hidden_act"),
            Rope = RopeConfig.Read(config, headWidth),
        };
    }
}

/// <summary>One layer: x + attention(norm(x)), then x + mlp(norm(x)).</summary>
internal sealed class Qwen3Block(Qwen3Config config, int layer, string prefix, ModelWeights weights) : IEncoderBlock
{
    private readonly IBackend _backend = weights.Backend;
    private readonly Tensor _attentionNorm = weights.Tensor(prefix + "input_layernorm.weight", new Shape(config.Width));
    private readonly Qwen3Attention _attention = new(config, layer, prefix + "self_attn.", weights);
    private readonly Tensor _mlpNorm = weights.Tensor(prefix + "post_attention_layernorm.weight", new Shape(config.Width));
    private readonly LinearWeight _gate = weights.Linear(prefix + "mlp.gate_proj", config.Width, config.MlpWidth, bias: false);
    private readonly LinearWeight _up = weights.Linear(prefix + "mlp.up_proj", config.Width, config.MlpWidth, bias: false);
    private readonly LinearWeight _down = weights.Linear(prefix + "mlp.down_proj", config.MlpWidth, config.Width, bias: false);

    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.Add(x, _attention.Forward(_backend.RmsNorm(x, _attentionNorm, config.NormEpsilon), batch));
        var hidden = _backend.GatedProject(_backend.RmsNorm(x, _mlpNorm, config.NormEpsilon), _gate, _up, config.Activation);
        return _backend.Add(x, _backend.Project(hidden, _down));
    }
}

/// <summary>Grouped-query attention whose queries and keys are normed per head before they turn.</summary>
internal sealed class Qwen3Attention(Qwen3Config config, int layer, string prefix, ModelWeights weights)
{
    private readonly IBackend _backend = weights.Backend;
    private readonly LinearWeight _query = weights.Linear(prefix + "q_proj", config.Width, config.Heads * config.HeadWidth, config.AttentionBias);
    private readonly LinearWeight _key = weights.Linear(prefix + "k_proj", config.Width, config.KeyHeads * config.HeadWidth, config.AttentionBias);
    private readonly LinearWeight _value = weights.Linear(prefix + "v_proj", config.Width, config.KeyHeads * config.HeadWidth, config.AttentionBias);
    private readonly LinearWeight _output = weights.Linear(prefix + "o_proj", config.Heads * config.HeadWidth, config.Width, config.AttentionBias);
    private readonly Tensor _queryNorm = weights.Tensor(prefix + "q_norm.weight", new Shape(config.HeadWidth));
    private readonly Tensor _keyNorm = weights.Tensor(prefix + "k_norm.weight", new Shape(config.HeadWidth));
    private readonly AttendOptions _options = new() { Scale = 1 / MathF.Sqrt(config.HeadWidth) };

    /// <summary>(T, D) to (T, D).</summary>
    public Tensor Forward(Tensor x, Batch batch)
    {
        var projected = _backend.Project(x, _query, _key, _value);
        var query = _backend.RmsNorm(Heads(projected[0], config.Heads), _queryNorm, config.NormEpsilon);
        var key = _backend.RmsNorm(Heads(projected[1], config.KeyHeads), _keyNorm, config.NormEpsilon);
        query = _backend.Rope(query, batch, config.Rope);
        key = _backend.Rope(key, batch, config.Rope);
        var attended = _backend.Attend(layer, query, key, Heads(projected[2], config.KeyHeads), batch, _options);
        return _backend.Project(_backend.Reshape(attended, new Shape(batch.TokenCount, config.Heads * config.HeadWidth)), _output);
    }

    private Tensor Heads(Tensor x, int heads) => _backend.Reshape(x, new Shape(x.Shape[0], heads, config.HeadWidth));
}
