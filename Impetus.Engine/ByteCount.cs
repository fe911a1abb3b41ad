using System.Globalization;

namespace Impetus.Engine;

/// <summary>Sizes as people read and write them: of 10⁶ and 10⁹, as disks are sold and as macOS counts files.</summary>
public static class ByteCount
{
    /// <summary>Such as <c>85 MB</c>, <c>3.8 GB</c> or <c>6.25 GB</c>.</summary>
    public static string Text(long bytes) => bytes >= 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0#} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e6):0} MB");

    /// <summary>Reads what people write, such as <c>512MB</c>, <c>6.2 GB</c> or <c>8GiB</c> (of 2³⁰); null if it is no size from a byte to a petabyte.</summary>
    public static long? Parse(string text)
    {
        // Digits, and a point; the slash between them is no number.
        int unit = text.AsSpan().IndexOfAnyExceptInRange('.', '9');
        if (unit <= 0 || !decimal.TryParse(text[..unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count) || count > 1_000_000_000)
            return null;
        decimal? scale = text[unit..].Trim().ToUpperInvariant() switch
        {
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "MIB" => 1 << 20,
            "GIB" => 1 << 30,
            _ => null,
        };
        return (count * scale) is { } bytes and >= 1 and <= 1_000_000_000_000_000 ? (long)bytes : null;
    }
}
