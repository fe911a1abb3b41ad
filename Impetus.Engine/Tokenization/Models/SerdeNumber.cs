namespace Impetus.Engine.Tokenization.Models;

/// <summary>
/// Reads a JSON number the way that Rust's serde_json does by default: the digits as a 64-bit integer, then one multiplication or
/// division by a power of ten. The last bit can differ from the nearest number, and equal scores of the unigram model part by it.
/// </summary>
internal static class SerdeNumber
{
    private const int MaxPower = 308;

    private static readonly double[] Powers = [.. Enumerable.Range(0, MaxPower + 1)
        .Select(e => double.Parse($"1e{e}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The value of a number that is valid JSON; not finite when it is out of range.</summary>
    public static double Parse(ReadOnlySpan<char> json)
    {
        bool negative = json[0] == '-';
        ulong digits = 0;
        int exponent = 0, at = negative ? 1 : 0;
        bool point = false, full = false;
        for (; at < json.Length && json[at] is not ('e' or 'E'); at++)
        {
            if (json[at] == '.')
            {
                point = true;
                continue;
            }
            ulong digit = (ulong)(json[at] - '0');
            // Digits that no longer fit are dropped, and before the point counted.
            full |= digits > (ulong.MaxValue - digit) / 10;
            if (!full)
                digits = digits * 10 + digit;
            if (full != point)
                exponent += full ? 1 : -1;
        }
        if (at < json.Length)
            exponent += int.TryParse(json[(at + 1)..], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out int written)
                ? Math.Clamp(written, -100_000, 100_000)
                : json[at + 1] == '-' ? -100_000 : 100_000;
        double value = Scale(digits, exponent);
        return negative ? -value : value;
    }

    private static double Scale(double value, int exponent)
    {
        for (; exponent < -MaxPower && value != 0; exponent += MaxPower)
            value /= Powers[MaxPower];
        if (value == 0)
            return 0;
        return exponent > MaxPower ? double.PositiveInfinity
            : exponent >= 0 ? value * Powers[exponent]
            : value / Powers[-exponent];
    }
}
