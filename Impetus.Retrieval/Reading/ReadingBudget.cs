using System.Diagnostics;
using System.Globalization;

namespace Impetus.Retrieval.Reading;

/// <summary>What one reading has used of its limits. Readers report as they go; the first report that goes over throws. Not thread-safe.</summary>
internal sealed class ReadingBudget(ReadingLimits limits, CancellationToken cancellation)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _inflated;

    public ReadingLimits Limits { get; } = limits;

    /// <summary>Bytes that may still be inflated.</summary>
    public long InflatedBytesLeft => Limits.InflatedBytes - _inflated;

    /// <summary>To be called in every loop whose length the file decides.</summary>
    public void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_started).TotalSeconds > Limits.Seconds)
            throw TooSlow(Limits.Seconds);
    }

    public void CountInflated(long bytes)
    {
        _inflated += bytes;
        if (_inflated > Limits.InflatedBytes)
            throw new ReadException(ReadError.TooLarge, string.Create(CultureInfo.InvariantCulture,
                $"This document unpacks to more than the allowed {Limits.InflatedBytes >> 20} MB and was not read. Split it into smaller files."));
        Check();
    }

    public void CheckPages(int pages)
    {
        if (pages > Limits.Pages)
            throw new ReadException(ReadError.TooLarge, string.Create(CultureInfo.InvariantCulture,
                $"This document has more than the allowed {Limits.Pages} pages and was not read. Split it into smaller files."));
    }

    public void CheckCharacters(long characters)
    {
        if (characters > Limits.Characters)
            throw new ReadException(ReadError.TooLarge, string.Create(CultureInfo.InvariantCulture,
                $"This document holds more than the allowed {Limits.Characters} characters of text and was not read. Split it into smaller files."));
    }

    public static ReadException FileTooLarge(long bytes, ReadingLimits limits) => new(ReadError.TooLarge, string.Create(CultureInfo.InvariantCulture,
        $"This file has {bytes >> 20} MB; at most {limits.FileBytes >> 20} MB are read. Split it into smaller files."));

    public static ReadException TooSlow(double seconds) => new(ReadError.TooLarge, string.Create(CultureInfo.InvariantCulture,
        $"Reading this document took longer than the allowed {seconds} seconds and was given up. Split it into smaller files."));
}
