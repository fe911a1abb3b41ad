using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>What <c>config.json</c> says of a Llama-shaped model.</summary>
internal sealed record LlamaConfig
{
    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int KeyHeads { get; init; }

    public required int HeadWidth { get; init; }

    public required int VocabularySize { get; init; }

    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required bool TiedHead { get; init; }

    public required Activation Activation { get; init; }

    public required RopeFrequencies Rope { get; init; }

    /// <summary>For each layer how many keys a query sees, itself included; null: all.</summary>
    public required IReadOnlyList<int?> Windows { get; init; }

    /// <exception cref="CheckpointException">A key is missing, or asks for what we do not compute.</exception>
    public static LlamaConfig Read(ConfigReader config)
    {
        int layers = config.Positive("num_hidden_layers"), width = config.Positive("hidden_size"), heads = config.Positive("num_attention_heads");
        int keyHeads = config.Positive("num_key_value_heads", heads);
        if (heads % keyHeads != 0)
            throw config.Refuse("num_key_value_heads", $"the {heads} query heads cannot be shared among them evenly");
        int headWidth = config.Positive("head_dim", width / heads);
        if (headWidth % 2 != 0)
            throw config.Refuse("head_dim", "rotary positions need an even number");
        return new LlamaConfig
        {
            Layers = layers,
            Width = width,
            Heads = heads,
            KeyHeads = keyHeads,
            HeadWidth = headWidth,
            VocabularySize = config.Positive("vocab_size"),
            ContextLength = config.Positive("max_position_embeddings", 2048),
            NormEpsilon = (float)(config.Number("rms_norm_eps") ?? 1e-6),
            TiedHead = config.Flag("tie_word_embeddings") ?? false,
            Activation = ActivationConfig.Read(config, "hidden_act"),
            Rope = RopeConfig.Read(config, headWidth),
            Windows = LayerWindows.Read(config, layers),
        };
    }
}
