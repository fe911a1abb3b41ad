using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// Qwen3-Reranker (Zhang et al. 2025): a language model asked whether a document meets a query. The raw score is the last
/// token's logit of "yes" minus that of "no"; its sigmoid is the probability of "yes" among the two.
/// </summary>
internal sealed class Qwen3Reranker : ISequenceModel
{
    private readonly Qwen3Embedding _model;
    private readonly IBackend _backend;
    private readonly LinearWeight _yes, _no;

    /// <param name="config">The configuration.</param>
    /// <param name="weights">Of the language model.</param>
    /// <param name="yes">The token "yes".</param>
    /// <param name="no">The token "no".</param>
    public Qwen3Reranker(ConfigReader config, ModelWeights weights, int yes, int no)
    {
        var sizes = Qwen3Config.Read(config);
        _model = new Qwen3Embedding(sizes, weights);
        _backend = weights.Backend;
        string head = config.Flag("tie_word_embeddings") ?? false ? weights.Has("embed_tokens") ? "embed_tokens" : "model.embed_tokens" : "lm_head";
        _yes = weights.Rows(head, sizes.Width, sizes.VocabularySize, yes, 1, bias: false);
        _no = weights.Rows(head, sizes.Width, sizes.VocabularySize, no, 1, bias: false);
    }

    public int Width => 1;

    public int VocabularySize => _model.VocabularySize;

    public int TokenTypes => 1;

    public int ContextLength => _model.ContextLength;

    public bool Bidirectional => false;

    public Tensor Forward(Batch batch)
    {
        var logits = _backend.Project(_backend.Pool(_model.Forward(batch), batch, Pooling.Last), _yes, _no);
        return _backend.Add(logits[0], _backend.Scale(logits[1], -1));
    }

    public void Dispose() => _model.Dispose();
}
