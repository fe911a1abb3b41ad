namespace Impetus.Retrieval.Reading;

/// <summary>How much of a machine one file may take. What goes over is refused as <see cref="ReadError.TooLarge"/>, never cut silently.</summary>
public sealed record ReadingLimits
{
    public static ReadingLimits Default { get; } = new();

    /// <summary>Bytes of the file itself.</summary>
    public long FileBytes { get; init; } = 100L << 20;

    /// <summary>Bytes that come out of compressed streams, counted while they come; declared sizes are not believed.</summary>
    public long InflatedBytes { get; init; } = 128L << 20;

    /// <summary>Pages of a PDF, slides of a presentation.</summary>
    public int Pages { get; init; } = 10_000;

    /// <summary>UTF-16 code units of extracted text.</summary>
    public int Characters { get; init; } = 20_000_000;

    /// <summary>Wall-clock seconds for one file.</summary>
    public double Seconds { get; init; } = 60;
}
