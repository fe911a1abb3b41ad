using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>Readings of <c>config.json</c> that encoders share.</summary>
internal static class EncoderConfig
{
    /// <summary>How many heads share a width.</summary>
    /// <exception cref="CheckpointException">They cannot share it evenly.</exception>
    public static int Heads(ConfigReader config, string key, int width)
    {
        int heads = config.Positive(key);
        return width % heads == 0 ? heads : throw config.Refuse(key, $"a width of {width} cannot be shared among them evenly");
    }

    /// <summary>For each layer whether it sees all tokens: by <c>layer_types</c>, or every so many layers.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="every">Where there is no list: one layer in so many sees all.</param>
    /// <param name="first">The first that does.</param>
    /// <exception cref="CheckpointException">The list has another length, or a type that we do not compute.</exception>
    public static IReadOnlyList<bool> FullLayers(ConfigReader config, int layers, int every, int first)
    {
        if (config.Texts("layer_types") is not { } types)
            return [.. Enumerable.Range(0, layers).Select(layer => layer % every == first)];
        if (types.Count != layers)
            throw config.Refuse("layer_types", $"{layers} entries are expected, one a layer");
        return [.. types.Select(type => type switch
        {
            "full_attention" => true,
            "sliding_attention" => false,
            _ => throw config.Refuse("layer_types", "supported: full_attention, sliding_attention"),
        })];
    }
}
