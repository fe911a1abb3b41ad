using Impetus.Engine.Weights;

namespace Impetus.Engine.Hub;

/// <summary>The widths of a transformer, under the names that configurations share; 0 where one does not say.</summary>
internal sealed record TransformerSizes(int Layers, int Width, int Inner, int Heads, int KeyHeads, int HeadWidth, int Vocabulary, int Context)
{
    public static TransformerSizes Read(ConfigReader config)
    {
        int First(params ReadOnlySpan<string> keys)
        {
            foreach (string key in keys)
            {
                if (config.Integer(key) is > 0 and var number)
                    return number;
            }

            return 0;
        }

        int width = First("hidden_size", "dim", "n_embd", "d_model");
        int heads = Math.Max(1, First("num_attention_heads", "n_heads", "n_head"));
        int keyHeads = First("num_key_value_heads");
        int headWidth = First("head_dim");
        return new(
            First("num_hidden_layers", "n_layers", "n_layer", "num_layers"),
            width,
            First("intermediate_size", "hidden_dim", "n_inner"),
            heads,
            keyHeads > 0 ? keyHeads : heads,
            headWidth > 0 ? headWidth : width / heads,
            First("vocab_size"),
            First("max_position_embeddings", "n_positions", "seq_length"));
    }

    /// <summary>Numbers that a token takes in a sequence's cache, in one layer.</summary>
    public long CacheNumbers(BackendLayout layout) => KeyHeads * (HeadWidth + BackendLayout.Fill(HeadWidth, layout.ValueMultiple));

    /// <summary>
    /// Numbers that a token takes while a step is computed: what a layer is given, and its results, which live until it is done.
    /// </summary>
    /// <param name="layout">Of the backend.</param>
    /// <param name="cached">Whether keys and values go to a cache; else they take room here, too.</param>
    public long StepNumbers(BackendLayout layout, bool cached)
    {
        long queries = (long)Heads * HeadWidth, keys = (long)KeyHeads * HeadWidth;
        long layer = (8L * Width) + Inner + (3 * queries) + (3 * keys);
        return layer + (cached ? 0 : CacheNumbers(layout));
    }
}
