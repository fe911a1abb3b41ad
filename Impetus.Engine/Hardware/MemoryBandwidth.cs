namespace Impetus.Engine.Hardware;

/// <summary>
/// How fast a chip reads its memory, by the line of Apple's chips that it is of. Writing an answer reads all weights for each token,
/// so this bounds it: tokens per second are at most bandwidth / size of the weights.
/// </summary>
public enum MemoryBandwidth
{
    /// <summary>Not an Apple chip, or one whose name says nothing.</summary>
    Unknown,

    /// <summary>M1 to M5: about 70 to 150 GB/s.</summary>
    Base,

    /// <summary>Pro: about 150 to 310 GB/s.</summary>
    Pro,

    /// <summary>Max: about 300 to 610 GB/s.</summary>
    Max,

    /// <summary>Ultra: about 800 GB/s and more.</summary>
    Ultra,
}
