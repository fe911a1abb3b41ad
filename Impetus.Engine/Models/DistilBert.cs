using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>DistilBERT (Sanh et al. 2019): BERT's blocks, fewer of them, without token types.</summary>
internal sealed class DistilBert : LayeredEncoder
{
    private readonly EmbeddingWeight _words, _positions;
    private readonly Tensor _normWeight, _normBias;
    private readonly BertConfig _config;

    public DistilBert(ConfigReader reader, ModelWeights weights)
        : base(weights)
    {
        _config = ReadConfig(reader);
        string prefix = weights.Has("embeddings.word_embeddings") ? "" : "distilbert.";
        _words = weights.Embedding(prefix + "embeddings.word_embeddings", _config.VocabularySize, _config.Width);
        _positions = weights.Embedding(prefix + "embeddings.position_embeddings", _config.Positions, _config.Width);
        _normWeight = weights.Tensor(prefix + "embeddings.LayerNorm.weight", new Shape(_config.Width));
        _normBias = weights.Tensor(prefix + "embeddings.LayerNorm.bias", new Shape(_config.Width));
        Blocks = [.. Enumerable.Range(0, _config.Layers).Select(layer =>
            new BertBlock(_config, layer, Names($"{prefix}transformer.layer.{layer}."), weights))];
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int ContextLength => _config.Positions;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch)
    {
        var x = Backend.Add(Backend.Embed(_words, batch), Backend.Embed(_positions, batch, Lookup.Position));
        return Backend.LayerNorm(x, _normWeight, _normBias, _config.NormEpsilon);
    }

    // Sinusoidal positions are stored in the same table. The norms' epsilon is fixed in the reference and in no config.json.
    private static BertConfig ReadConfig(ConfigReader config)
    {
        int width = config.Positive("dim", 768);
        return new BertConfig
        {
            Layers = config.Positive("n_layers", 6),
            Width = width,
            Heads = EncoderConfig.Heads(config, "n_heads", width),
            MlpWidth = config.Positive("hidden_dim", 4 * width),
            VocabularySize = config.Positive("vocab_size"),
            Positions = config.Positive("max_position_embeddings", 512),
            NormEpsilon = 1e-12f,
            Activation = ActivationConfig.Read(config, "activation", "gelu"),
        };
    }

    private static BertNames Names(string layer) => new(
        layer + "attention.q_lin", layer + "attention.k_lin", layer + "attention.v_lin",
        layer + "attention.out_lin", layer + "sa_layer_norm",
        layer + "ffn.lin1", layer + "ffn.lin2", layer + "output_layer_norm");
}
