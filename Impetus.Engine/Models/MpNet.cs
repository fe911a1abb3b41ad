using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// MPNet (Song et al. 2020): BERT's blocks with one table of relative position biases for all layers, positions from 2 on, and
/// no token types.
/// </summary>
internal sealed class MpNet : LayeredEncoder
{
    private const int FirstPosition = 2;
    private const int MaxDistance = 128;

    private readonly EmbeddingWeight _words, _positions;
    private readonly Tensor _normWeight, _normBias;
    private readonly BertConfig _config;

    public MpNet(ConfigReader reader, ModelWeights weights)
        : base(weights)
    {
        _config = BertConfig.Read(reader);
        if (_config.Positions <= FirstPosition)
            throw reader.Refuse("max_position_embeddings", $"more than {FirstPosition} are expected");
        int buckets = reader.Positive("relative_attention_num_buckets", 32);
        if (buckets % 4 != 0 || buckets / 4 >= MaxDistance)
            throw reader.Refuse("relative_attention_num_buckets", $"a multiple of 4 below {4 * MaxDistance} is expected");
        string prefix = weights.Has("embeddings.word_embeddings") ? "" : "mpnet.";
        _words = weights.Embedding(prefix + "embeddings.word_embeddings", _config.VocabularySize, _config.Width);
        _positions = weights.Embedding(prefix + "embeddings.position_embeddings", _config.Positions, _config.Width);
        _normWeight = weights.Tensor(prefix + "embeddings.LayerNorm.weight", new Shape(_config.Width));
        _normBias = weights.Tensor(prefix + "embeddings.LayerNorm.bias", new Shape(_config.Width));
        var table = weights.Tensor(prefix + "encoder.relative_attention_bias.weight", new Shape(buckets, _config.Heads));
        var bias = new RelativeBias(table, MaxDistance);
        Blocks = [.. Enumerable.Range(0, _config.Layers).Select(layer =>
            new BertBlock(_config, layer, Names($"{prefix}encoder.layer.{layer}."), weights, bias))];
    }

    public override int Width => _config.Width;

    public override int VocabularySize => _config.VocabularySize;

    public override int ContextLength => _config.Positions - FirstPosition;

    protected override IReadOnlyList<IEncoderBlock> Blocks { get; }

    protected override Tensor Embed(Batch batch)
    {
        var x = Backend.Add(Backend.Embed(_words, batch), Backend.Embed(_positions, batch, Lookup.Position, FirstPosition));
        return Backend.LayerNorm(x, _normWeight, _normBias, _config.NormEpsilon);
    }

    private static BertNames Names(string layer) => new(
        layer + "attention.attn.q", layer + "attention.attn.k", layer + "attention.attn.v",
        layer + "attention.attn.o", layer + "attention.LayerNorm",
        layer + "intermediate.dense", layer + "output.dense", layer + "output.LayerNorm");
}
