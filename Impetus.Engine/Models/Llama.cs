using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>
/// The Llama-shaped family: pre-norm blocks of grouped-query attention with rotary positions and a gated MLP. By configuration
/// also Mistral (a window over all layers), Qwen2 (biases on q, k and v) and SmolLM2. Biases are taken where the file has them.
/// </summary>
internal sealed class Llama : IDecoder
{
    private readonly ModelWeights _weights;
    private readonly IBackend _backend;
    private readonly EmbeddingWeight _embedding;
    private readonly LlamaBlock[] _blocks;
    private readonly Tensor _norm;
    private readonly float _epsilon;
    private readonly LinearWeight _head;

    public Llama(LlamaConfig config, ModelWeights weights)
    {
        (_weights, _backend) = (weights, weights.Backend);
        _embedding = weights.Embedding("model.embed_tokens");
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => new LlamaBlock(config, layer, weights))];
        _norm = weights.Tensor("model.norm.weight");
        _epsilon = config.NormEpsilon;
        _head = config.TiedHead ? _embedding.Tied : weights.Linear("lm_head");
        (VocabularySize, ContextLength) = (config.VocabularySize, config.ContextLength);
        Layers = [.. config.Windows.Select(window => new LayerState(config.KeyHeads, config.HeadWidth, config.HeadWidth, window))];
    }

    public IReadOnlyList<LayerState> Layers { get; }

    public int VocabularySize { get; }

    public int ContextLength { get; }

    public Tensor? Forward(Batch batch)
    {
        var x = _backend.Embed(_embedding, batch);
        foreach (var block in _blocks)
        {
            using var scope = _backend.Scope();
            x = scope.Keep(block.Forward(x, batch), insteadOf: x);
        }

        return batch.LogitCount == 0
            ? null
            : _backend.Project(_backend.RmsNorm(_backend.Wanted(x, batch), _norm, _epsilon), _head);
    }

    public void Dispose() => _weights.Dispose();
}

/// <summary>One layer: x + attention(norm(x)), then x + mlp(norm(x)).</summary>
internal sealed class LlamaBlock(LlamaConfig config, int layer, ModelWeights weights)
{
    private readonly IBackend _backend = weights.Backend;
    private readonly LlamaAttention _attention = new(config, layer, weights);
    private readonly LinearWeight _gate = weights.Linear($"model.layers.{layer}.mlp.gate_proj");
    private readonly LinearWeight _up = weights.Linear($"model.layers.{layer}.mlp.up_proj");
    private readonly LinearWeight _down = weights.Linear($"model.layers.{layer}.mlp.down_proj");
    private readonly Tensor _attentionNorm = weights.Tensor($"model.layers.{layer}.input_layernorm.weight");
    private readonly Tensor _mlpNorm = weights.Tensor($"model.layers.{layer}.post_attention_layernorm.weight");

    /// <summary>(T, D) to (T, D).</summary>
    public Tensor Forward(Tensor x, Batch batch)
    {
        x = _backend.Add(x, _attention.Forward(_backend.RmsNorm(x, _attentionNorm, config.NormEpsilon), batch));
        var hidden = _backend.GatedProject(_backend.RmsNorm(x, _mlpNorm, config.NormEpsilon), _gate, _up, config.Activation);
        return _backend.Add(x, _backend.Project(hidden, _down));
    }
}

/// <summary>Grouped-query attention (Ainslie et al. 2023) with rotary positions.</summary>
internal sealed class LlamaAttention(LlamaConfig config, int layer, ModelWeights weights)
{
    private readonly IBackend _backend = weights.Backend;
    private readonly LinearWeight _query = weights.Linear($"model.layers.{layer}.self_attn.q_proj");
    private readonly LinearWeight _key = weights.Linear($"model.layers.{layer}.self_attn.k_proj");
    private readonly LinearWeight _value = weights.Linear($"model.layers.{layer}.self_attn.v_proj");
    private readonly LinearWeight _output = weights.Linear($"model.layers.{layer}.self_attn.o_proj");
    private readonly AttendOptions _options = new() { Scale = 1 / MathF.Sqrt(config.HeadWidth), Left = config.Windows[layer] - 1 };

    /// <summary>(T, D) to (T, D).</summary>
    public Tensor Forward(Tensor x, Batch batch)
    {
        var projected = _backend.Project(x, _query, _key, _value);
        var query = _backend.Rope(Heads(projected[0], config.Heads), batch, config.Rope);
        var key = _backend.Rope(Heads(projected[1], config.KeyHeads), batch, config.Rope);
        var attended = _backend.Attend(layer, query, key, Heads(projected[2], config.KeyHeads), batch, _options);
        return _backend.Project(_backend.Reshape(attended, new Shape(batch.TokenCount, config.Heads * config.HeadWidth)), _output);
    }

    private Tensor Heads(Tensor x, int heads) => _backend.Reshape(x, new Shape(x.Shape[0], heads, config.HeadWidth));
}
