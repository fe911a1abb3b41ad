using Impetus.Engine.Backends.Cpu.Memory;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Attention of consecutive tokens of one sequence, for the query heads that share one KV head.</summary>
internal unsafe struct AttentionTile
{
    /// <summary>Rows, tokens times heads, that a tile has at most where a token has not more heads.</summary>
    public const int MaxRows = 48;

    /// <summary>The first token's first head.</summary>
    public float* Query;

    /// <summary>Numbers from a token's queries to the next one's.</summary>
    public nint QueryStride;

    /// <summary>The first token's first head.</summary>
    public float* Output;

    /// <summary>Numbers from a token's outputs to the next one's.</summary>
    public nint OutputStride;

    /// <summary>Tokens.</summary>
    public int Tokens;

    /// <summary>Query heads.</summary>
    public int Heads;

    /// <summary>Position of the first token.</summary>
    public int Position;

    /// <summary>Keys and values of all positions.</summary>
    public KeyValueHead Memory;

    /// <summary>How many keys there are in all; causal queries see no more than those up to their own.</summary>
    public int Keys;

    /// <summary>Keys behind a query that it sees.</summary>
    public int Left;

    /// <summary>Keys ahead of a query that it sees; 0 if causal.</summary>
    public int Right;

    /// <summary>Multiplies the dot products.</summary>
    public float Scale;

    /// <summary>Caps the scores; 0 does not.</summary>
    public float SoftCap;

    /// <summary>The first head's extra logit, or null.</summary>
    public float* Sinks;

    /// <summary>What is added to the first head's scores at distance 0, distances side by side, or null.</summary>
    public float* Bias;

    /// <summary>Numbers from a head's biases to the next one's.</summary>
    public nint BiasStride;

    /// <summary>Floats of scratch memory that a tile needs.</summary>
    /// <param name="heads">Query heads of a KV head.</param>
    /// <param name="keyWidth">Dk.</param>
    /// <param name="valueWidth">Dv.</param>
    public static int Scratch(int heads, int keyWidth, int valueWidth) =>
        Math.Max(MaxRows, heads) * (keyWidth + KeyValueLayout.BlockTokens + KeyValueLayout.PaddedWidth(valueWidth) + 2);
}
