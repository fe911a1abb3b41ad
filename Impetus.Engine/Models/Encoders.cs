using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>The encoders that we compute, by <c>model_type</c>.</summary>
public static class Encoders
{
    private delegate IEncoder Loader(ConfigReader config, ModelWeights weights);

    // Static vectors are read in one go; a text of more tokens is rather a mistake.
    private const int MaxStaticTokens = 131_072;

    private static readonly SortedDictionary<string, Loader> Loaders = new(StringComparer.Ordinal)
    {
        ["bert"] = (config, weights) => new Bert(BertConfig.Read(config), weights),
        ["camembert"] = XlmRoberta.Load,
        ["distilbert"] = (config, weights) => new DistilBert(config, weights),
        ["gemma3_text"] = (config, weights) => new GemmaEmbedding(GemmaEmbeddingConfig.Read(config), weights),
        ["gte"] = (config, weights) => new Gte(GteConfig.Read(config), weights),
        ["model2vec"] = LoadModel2Vec,
        ["modernbert"] = (config, weights) => new ModernBert(ModernBertConfig.Read(config), weights),
        ["mpnet"] = (config, weights) => new MpNet(config, weights),
        ["nomic_bert"] = (config, weights) => new NomicBert(NomicBertConfig.Read(config), weights),
        ["qwen3"] = (config, weights) => new Qwen3Embedding(Qwen3Config.Read(config), weights),
        ["roberta"] = XlmRoberta.Load,
        ["xlm-roberta"] = XlmRoberta.Load,
    };

    /// <summary>All <c>model_type</c> values that <see cref="Load"/> takes.</summary>
    public static IReadOnlyCollection<string> Known => Loaders.Keys;

    /// <summary>Whether a <c>model_type</c> is that of an encoder alone: no language model that may also embed.</summary>
    public static bool IsEncoder(string? type) => type is not null && type is not ("qwen3" or "gemma3_text") && Loaders.ContainsKey(type);

    /// <summary>
    /// Builds the encoder that a folder's configuration describes. It owns the weights from then on; when this throws, they are
    /// freed. Engine thread only.
    /// </summary>
    /// <exception cref="CheckpointException">The architecture or a setting is not one that we compute, or a tensor is missing.</exception>
    public static IEncoder Load(ConfigReader config, ModelWeights weights)
    {
        try
        {
            string type = config.Text("model_type") ?? throw config.Refuse("model_type", "it is missing");
            return Loaders.TryGetValue(type, out var load)
                ? load(config, weights)
                : throw config.Refuse("model_type", $"as an encoder we compute {string.Join(", ", Known)}");
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Static vectors that sentence-transformers stores, without a <c>config.json</c>. Engine thread only.</summary>
    /// <exception cref="CheckpointException">The table is missing.</exception>
    public static IEncoder LoadStatic(ModelWeights weights)
    {
        try
        {
            return new StaticEmbedding(weights, MaxStaticTokens);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static StaticEmbedding LoadModel2Vec(ConfigReader config, ModelWeights weights)
    {
        foreach (string name in (string[])["weights", "mapping"])
        {
            if (weights.HasTensor(name))
                throw new CheckpointException($"Tensor '{name}': model2vec tables with a reduced vocabulary are not read.");
        }

        return new StaticEmbedding(weights, Math.Min(config.Positive("seq_length", MaxStaticTokens), MaxStaticTokens));
    }
}
