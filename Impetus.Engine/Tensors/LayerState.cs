namespace Impetus.Engine.Tensors;

/// <summary>
/// What a layer remembers of a sequence: the keys and values of all positions. Models list one per layer, and a backend makes
/// a <see cref="SequenceCache"/> from the list.
/// </summary>
/// <param name="KeyHeads">KV heads.</param>
/// <param name="KeyWidth">Features of a key, Dk.</param>
/// <param name="ValueWidth">Features of a value, Dv.</param>
public sealed record LayerState(int KeyHeads, int KeyWidth, int ValueWidth)
{
    /// <summary>Numbers kept per token.</summary>
    public int Width => KeyHeads * (KeyWidth + ValueWidth);
}
