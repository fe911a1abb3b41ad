using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// RoBERTa (Liu et al. 2019) and its multilingual form XLM-R (Conneau et al. 2019): BERT's blocks, with positions that begin
/// after the padding token's id.
/// </summary>
internal static class XlmRoberta
{
    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static Bert Load(ConfigReader config, ModelWeights weights)
    {
        var sizes = BertConfig.Read(config);
        int padding = config.Integer("pad_token_id") ?? 1;
        return padding >= 0 && padding + 1 < sizes.Positions
            ? new Bert(sizes, weights, "roberta.", padding + 1)
            : throw config.Refuse("pad_token_id", $"positions begin after it and there are only {sizes.Positions}");
    }
}
