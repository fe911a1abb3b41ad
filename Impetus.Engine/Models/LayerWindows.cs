using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>Which layers of a language model have a window, as <c>config.json</c> says it.</summary>
internal static class LayerWindows
{
    /// <summary>For each layer how many keys a query sees, itself included; null: all.</summary>
    /// <exception cref="CheckpointException">The layers are described in a way that we do not know.</exception>
    public static int?[] Read(ConfigReader config, int layers)
    {
        var windows = new int?[layers];
        if (config.Element("sliding_window") is null || config.Flag("use_sliding_window") == false)
            return windows;
        int window = config.Positive("sliding_window");
        var types = config.Texts("layer_types");
        if (types is not null && types.Count != layers)
            throw config.Refuse("layer_types", $"{layers} entries are expected, one a layer");
        // Qwen2 lets the layers from max_window_layers on slide; Mistral all of them; Llama itself none.
        int first = config.Text("model_type") switch
        {
            "mistral" => 0,
            "qwen2" => config.Integer("max_window_layers") ?? layers,
            _ => layers,
        };
        for (int layer = 0; layer < layers; layer++)
        {
            bool slides = types?[layer] switch
            {
                null => layer >= first,
                "sliding_attention" => true,
                "full_attention" => false,
                _ => throw config.Refuse("layer_types", "supported: full_attention, sliding_attention"),
            };
            windows[layer] = slides ? window : null;
        }

        return windows;
    }
}
