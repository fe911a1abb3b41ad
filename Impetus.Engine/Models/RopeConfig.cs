using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>
/// Reads rotary frequencies from <c>config.json</c>: <c>rope_theta</c> with <c>rope_scaling</c>, or transformers 5's
/// <c>rope_parameters</c>. Scalings: linear (Chen et al. 2023), llama3 (by wavelength bands) and yarn (Peng et al. 2023).
/// </summary>
internal static class RopeConfig
{
    /// <summary>The frequencies for heads of which <paramref name="dims"/> features rotate.</summary>
    /// <exception cref="CheckpointException">The scaling is one that we do not compute.</exception>
    public static RopeFrequencies Read(ConfigReader config, int dims, double usualBase = 10_000, bool interleaved = false) =>
        Read(config, config.Section("rope_parameters") ?? config.Section("rope_scaling"), dims, config.Number("rope_theta") ?? usualBase, interleaved);

    /// <summary>
    /// The frequencies of one kind of layer, where kinds differ: <c>rope_parameters</c> has a section for each, or older keys
    /// have given <paramref name="theta"/>.
    /// </summary>
    /// <exception cref="CheckpointException">The scaling is one that we do not compute.</exception>
    public static RopeFrequencies ReadFor(ConfigReader config, string layerType, int dims, double theta) =>
        Read(config, config.Section("rope_parameters")?.Section(layerType), dims, theta, false);

    private static RopeFrequencies Read(ConfigReader config, ConfigReader? scaling, int dims, double theta, bool interleaved)
    {
        theta = scaling?.Number("rope_theta") ?? theta;
        var inverse = new double[dims / 2];
        for (int i = 0; i < inverse.Length; i++)
            inverse[i] = Math.Pow(theta, -2.0 * i / dims);
        string type = scaling?.Text("rope_type") ?? scaling?.Text("type") ?? "default";
        float magnitude = 1;
        switch (type)
        {
            case "default":
                break;
            case "linear":
                Divide(inverse, Factor(scaling!));
                break;
            case "llama3":
                ByBands(inverse, scaling!);
                break;
            case "yarn":
                magnitude = Yarn(inverse, dims, theta, scaling!, config);
                break;
            default:
                throw scaling!.Refuse(scaling.Text("rope_type") is null ? "type" : "rope_type", "supported: default, linear, llama3, yarn");
        }

        return new RopeFrequencies([.. inverse.Select(value => (float)value)], interleaved, magnitude);
    }

    private static double Factor(ConfigReader scaling) => scaling.Number("factor") switch
    {
        double factor when factor > 0 => factor,
        _ => throw scaling.Refuse("factor", "a positive number is expected"),
    };

    private static void Divide(double[] inverse, double factor)
    {
        for (int i = 0; i < inverse.Length; i++)
            inverse[i] /= factor;
    }

    private static void ByBands(double[] inverse, ConfigReader scaling)
    {
        double factor = Factor(scaling), low = scaling.Number("low_freq_factor") ?? 1, high = scaling.Number("high_freq_factor") ?? 4;
        int original = scaling.Positive("original_max_position_embeddings");
        for (int i = 0; i < inverse.Length; i++)
        {
            double turns = original * inverse[i] / (2 * Math.PI);
            double keep = Math.Clamp((turns - low) / (high - low), 0, 1);
            inverse[i] = ((1 - keep) * inverse[i] / factor) + (keep * inverse[i]);
        }
    }

    private static float Yarn(double[] inverse, int dims, double theta, ConfigReader scaling, ConfigReader config)
    {
        double factor = Factor(scaling);
        int original = scaling.Integer("original_max_position_embeddings") ?? config.Positive("max_position_embeddings");
        double low = FeatureThatTurns(scaling.Number("beta_fast") ?? 32), high = FeatureThatTurns(scaling.Number("beta_slow") ?? 1);
        if (scaling.Flag("truncate") ?? true)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        low = Math.Max(low, 0);
        high = Math.Min(high, dims - 1);
        if (low == high)
            high += 0.001;
        for (int i = 0; i < inverse.Length; i++)
        {
            double interpolate = Math.Clamp((i - low) / (high - low), 0, 1);
            inverse[i] *= 1 - interpolate + (interpolate / factor);
        }

        return (float)(scaling.Number("attention_factor") ?? AttentionFactor(scaling, factor));

        double FeatureThatTurns(double times) => dims * Math.Log(original / (times * 2 * Math.PI)) / (2 * Math.Log(theta));
    }

    private static double AttentionFactor(ConfigReader scaling, double factor)
    {
        double? scale = scaling.Number("mscale"), all = scaling.Number("mscale_all_dim");
        return scale is > 0 && all is > 0 ? Magnitude(scale.Value) / Magnitude(all.Value) : Magnitude(1);

        double Magnitude(double by) => factor <= 1 ? 1 : (0.1 * by * Math.Log(factor)) + 1;
    }
}
