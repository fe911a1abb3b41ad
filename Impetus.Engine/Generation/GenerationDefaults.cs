using Impetus.Engine.Weights;

namespace Impetus.Engine.Generation;

/// <summary>What a model's makers recommend in <c>generation_config.json</c>, and which tokens end an answer.</summary>
/// <param name="Sampling">Their sampling; where they say nothing, OpenAI's defaults.</param>
/// <param name="EndOfSequence">Ids that end an answer, from <c>generation_config.json</c> and <c>config.json</c>.</param>
public sealed record GenerationDefaults(SamplingOptions Sampling, IReadOnlySet<int> EndOfSequence)
{
    /// <summary>Reads them from a model's folder; a missing file says nothing.</summary>
    /// <exception cref="CheckpointException">A file is damaged, or a value is of the wrong type.</exception>
    public static GenerationDefaults Read(string folder, ConfigReader config)
    {
        string path = Path.Combine(folder, "generation_config.json");
        var generation = File.Exists(path) ? ConfigReader.Open(path) : ConfigReader.Parse(path, "{}"u8.ToArray());
        var usual = new SamplingOptions();
        return new GenerationDefaults(
            new SamplingOptions
            {
                Temperature = generation.Flag("do_sample") == false ? 0 : (float)(generation.Number("temperature") ?? usual.Temperature),
                TopP = (float)(generation.Number("top_p") ?? usual.TopP),
                TopK = generation.Integer("top_k") ?? usual.TopK,
                MinP = (float)(generation.Number("min_p") ?? usual.MinP),
                RepetitionPenalty = (float)(generation.Number("repetition_penalty") ?? usual.RepetitionPenalty),
            },
            new HashSet<int>([.. generation.Integers("eos_token_id"), .. config.Integers("eos_token_id")]));
    }
}
