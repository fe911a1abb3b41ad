namespace Impetus.Engine.Tensors;

/// <summary>
/// What a layer remembers of a sequence: the keys and values of all positions, or of those in a window before the next one.
/// Models list one per layer, and a backend makes a <see cref="SequenceCache"/> from the list.
/// </summary>
/// <param name="KeyHeads">KV heads.</param>
/// <param name="KeyWidth">Features of a key, Dk.</param>
/// <param name="ValueWidth">Features of a value, Dv.</param>
/// <param name="Window">How many keys a query of the layer sees at most, itself included; at least 1. Null: all.</param>
public sealed record LayerState(int KeyHeads, int KeyWidth, int ValueWidth, int? Window = null)
{
    /// <summary>So many positions at least stay behind a window, so that the last tokens can be taken back.</summary>
    public const int TakeBack = 64;

    /// <summary>So many positions at most stay behind a window or lie free before it: backends keep whole blocks.</summary>
    public const int Slack = 320;

    /// <summary>Numbers kept per token.</summary>
    public int Width => KeyHeads * (KeyWidth + ValueWidth);

    /// <summary>How many positions before its own a query sees.</summary>
    internal int Left => Window is { } window ? window - 1 : int.MaxValue;

    /// <summary>
    /// The most positions that a cache keeps of the layer: window, step and slack, once as the sequence is and once as it was at
    /// its latest checkpoint. <see cref="int.MaxValue"/> without a window.
    /// </summary>
    /// <param name="chunk">The most tokens of the sequence in one step.</param>
    public int MostKept(int chunk) =>
        Window is { } window ? (int)Math.Min(int.MaxValue, 2 * ((long)window + chunk + Slack)) : int.MaxValue;

    /// <summary>The first position that a query at <paramref name="position"/> sees.</summary>
    internal int FirstSeen(int position) => Math.Max(0, position - Left);

    /// <summary>The first position that is kept of <paramref name="length"/> when the next token is to be computed.</summary>
    internal int FirstKept(int length) => Math.Max(0, FirstSeen(length) - TakeBack);

    /// <summary>Refuses queries that would see what is not kept.</summary>
    /// <exception cref="ArgumentException">They see further back than the window.</exception>
    internal void RequireWithin(AttendOptions options, int layer)
    {
        if (Window is { } window && !(options.Left < window))
            throw new ArgumentException($"Layer {layer} of a cache keeps a window of {window} keys; its queries ask for more.", nameof(options));
    }
}
