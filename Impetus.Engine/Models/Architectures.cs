using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>The language models that we compute, by <c>model_type</c>.</summary>
public static class Architectures
{
    private delegate IDecoder Loader(ConfigReader config, ModelWeights weights);

    private static readonly SortedDictionary<string, Loader> Loaders = new(StringComparer.Ordinal)
    {
        ["llama"] = LoadLlama,
        ["mistral"] = LoadLlama,
        ["qwen2"] = LoadLlama,
    };

    /// <summary>All <c>model_type</c> values that <see cref="Load"/> takes.</summary>
    public static IReadOnlyCollection<string> Known => Loaders.Keys;

    /// <summary>
    /// Builds the model that a folder's configuration describes. The model owns the weights from then on; when this throws,
    /// they are freed. Engine thread only.
    /// </summary>
    /// <exception cref="CheckpointException">The architecture or a setting is not one that we compute, or a tensor is missing.</exception>
    public static IDecoder Load(ConfigReader config, ModelWeights weights)
    {
        try
        {
            string type = config.Text("model_type") ?? throw config.Refuse("model_type", "it is missing");
            return Loaders.TryGetValue(type, out var load)
                ? load(config, weights)
                : throw config.Refuse("model_type", $"supported: {string.Join(", ", Known)}");
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Reads a configuration without any weights, to tell whether <see cref="Load"/> would take it.</summary>
    /// <exception cref="CheckpointException">The architecture or a setting is not one that we compute.</exception>
    public static void Check(ConfigReader config)
    {
        string type = config.Text("model_type") ?? throw config.Refuse("model_type", "it is missing");
        if (!Loaders.ContainsKey(type))
            throw config.Refuse("model_type", $"supported: {string.Join(", ", Known)}");
        LlamaConfig.Read(config);
    }

    private static Llama LoadLlama(ConfigReader config, ModelWeights weights) => new(LlamaConfig.Read(config), weights);
}
