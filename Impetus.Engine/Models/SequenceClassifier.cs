using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// An encoder with a head that gives a pair of texts one raw score (a cross-encoder): the pooled vector goes through one
/// activated layer, perhaps a norm, to one number. The encoder owns the weights.
/// </summary>
internal sealed class SequenceClassifier(IEncoder encoder, Pooling pooling, IBackend backend, SequenceClassifier.Head head) : ISequenceModel
{
    /// <summary>The layers after pooling.</summary>
    internal sealed record Head(LinearWeight Dense, Activation Activation, Func<Tensor, Tensor> Norm, LinearWeight Output);

    public int Width => 1;

    public int VocabularySize => encoder.VocabularySize;

    public int TokenTypes => encoder.TokenTypes;

    public int ContextLength => encoder.ContextLength;

    public bool Bidirectional => true;

    public Tensor Forward(Batch batch)
    {
        var pooled = backend.Pool(encoder.Forward(batch), batch, pooling);
        return backend.Project(head.Norm(backend.Activate(backend.Project(pooled, head.Dense), head.Activation)), head.Output);
    }

    public void Dispose() => encoder.Dispose();

    /// <summary>BERT: the pooler that it was trained with, then the classifier.</summary>
    public static SequenceClassifier Bert(ConfigReader config, ModelWeights weights)
    {
        var encoder = new Bert(BertConfig.Read(config), weights);
        string pooler = weights.Has("pooler.dense") ? "pooler.dense" : "bert.pooler.dense";
        var head = new Head(weights.Linear(pooler, encoder.Width, encoder.Width), Activation.Tanh, x => x, weights.Linear("classifier", encoder.Width, 1));
        return new SequenceClassifier(encoder, Pooling.First, weights.Backend, head);
    }

    /// <summary>RoBERTa and XLM-R: a head of two layers.</summary>
    public static SequenceClassifier XlmRoberta(ConfigReader config, ModelWeights weights)
    {
        var encoder = Models.XlmRoberta.Load(config, weights);
        var head = new Head(
            weights.Linear("classifier.dense", encoder.Width, encoder.Width), Activation.Tanh, x => x, weights.Linear("classifier.out_proj", encoder.Width, 1));
        return new SequenceClassifier(encoder, Pooling.First, weights.Backend, head);
    }

    /// <summary>ModernBERT: its pretraining head, then the classifier.</summary>
    public static SequenceClassifier ModernBert(ConfigReader config, ModelWeights weights)
    {
        var sizes = ModernBertConfig.Read(config);
        var encoder = new ModernBert(sizes, weights);
        var pooling = config.Text("classifier_pooling") switch
        {
            null or "cls" => Pooling.First,
            "mean" => Pooling.Mean,
            _ => throw config.Refuse("classifier_pooling", "supported: cls, mean"),
        };
        var norm = new ModernBertNorm(sizes, "head.norm", weights);
        var head = new Head(
            weights.Linear("head.dense", sizes.Width, sizes.Width, config.Flag("classifier_bias") ?? false),
            ActivationConfig.Read(config, "classifier_activation", "gelu"), norm.Forward, weights.Linear("classifier", sizes.Width, 1));
        return new SequenceClassifier(encoder, pooling, weights.Backend, head);
    }
}
