namespace Impetus.Engine.Tensors;

/// <summary>
/// Rotary position embedding (Su et al. 2021, RoFormer): pair i of the first <c>2 · InverseFrequencies.Length</c> features of a
/// head turns by position · InverseFrequencies[i]; the other features pass unchanged.
/// </summary>
/// <param name="InverseFrequencies">Radians per position, one per pair. Scalings (linear, llama3, yarn) are already in them.</param>
/// <param name="Interleaved">Pairs are (2i, 2i+1); otherwise (i, i + half), as most checkpoints have it.</param>
/// <param name="Magnitude">Multiplies the rotated features: yarn's and longrope's attention factor.</param>
public sealed record RopeFrequencies(float[] InverseFrequencies, bool Interleaved = false, float Magnitude = 1)
{
    /// <summary>How many features of each head rotate.</summary>
    public int Dims => 2 * InverseFrequencies.Length;
}
