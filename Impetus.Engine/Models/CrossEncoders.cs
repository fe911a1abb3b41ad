using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>The models that score a pair of texts, by <c>model_type</c>.</summary>
public static class CrossEncoders
{
    private delegate ISequenceModel Loader(ConfigReader config, ModelWeights weights);

    private static readonly SortedDictionary<string, Loader> Loaders = new(StringComparer.Ordinal)
    {
        ["bert"] = SequenceClassifier.Bert,
        ["camembert"] = SequenceClassifier.XlmRoberta,
        ["modernbert"] = SequenceClassifier.ModernBert,
        ["roberta"] = SequenceClassifier.XlmRoberta,
        ["xlm-roberta"] = SequenceClassifier.XlmRoberta,
    };

    /// <summary>All <c>model_type</c> values that <see cref="Load"/> takes.</summary>
    public static IReadOnlyCollection<string> Known => Loaders.Keys;

    /// <summary>Whether the configuration is that of a language model which judges by "yes" and "no".</summary>
    public static bool AsksYesOrNo(ConfigReader config) =>
        config.Text("model_type") == "qwen3" && config.Texts("architectures") is ["Qwen3ForCausalLM"];

    /// <summary>
    /// Builds the classifier that a folder's configuration describes. It owns the weights from then on; when this throws, they
    /// are freed. Engine thread only.
    /// </summary>
    /// <exception cref="CheckpointException">The architecture or a setting is not one that we compute, or a tensor is missing.</exception>
    public static ISequenceModel Load(ConfigReader config, ModelWeights weights)
    {
        try
        {
            string type = config.Text("model_type") ?? throw config.Refuse("model_type", "it is missing");
            if (!Loaders.TryGetValue(type, out var load))
                throw config.Refuse("model_type", $"as a reranker we compute {string.Join(", ", Loaders.Keys)} for sequence classification, and qwen3");
            if (config.Texts("architectures") is not [string architecture] || !architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
                throw config.Refuse("architectures", "a reranker is a …ForSequenceClassification");
            if (config.Section("id2label") is { } labels && labels.Keys.Count() != 1)
                throw config.Refuse("id2label", "a reranker has one label");
            return load(config, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Builds a reranker of the "yes" or "no" kind. It owns the weights from then on; when this throws, they are freed.</summary>
    /// <param name="config">The configuration; see <see cref="AsksYesOrNo"/>.</param>
    /// <param name="weights">Of the language model.</param>
    /// <param name="yes">The token "yes".</param>
    /// <param name="no">The token "no".</param>
    /// <exception cref="CheckpointException">A setting is not one that we compute, or a tensor is missing.</exception>
    public static ISequenceModel LoadYesOrNo(ConfigReader config, ModelWeights weights, int yes, int no)
    {
        try
        {
            int vocabulary = config.Positive("vocab_size");
            return yes >= 0 && yes < vocabulary && no >= 0 && no < vocabulary
                ? new Qwen3Reranker(config, weights, yes, no)
                : throw config.Refuse("vocab_size", $"the tokenizer's \"yes\" and \"no\" are tokens {yes} and {no}");
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }
}
