using System.Globalization;

namespace Impetus.MenuBar.Menu;

/// <summary>Numbers as people read them, in their own culture. Sizes are decimal, as the Finder counts.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    /// <summary>Such as <c>76 MB</c> and <c>3.8 GB</c>: one decimal below ten.</summary>
    public static string Size(long bytes, CultureInfo culture)
    {
        var (value, unit) = Scale(bytes);
        return $"{value.ToString(value < 9.95 && unit > 0 ? "0.#" : "0", culture)} {Units[unit]}";
    }

    /// <summary>Such as <c>34 of 76 MB</c> and <c>1.2 of 18 GB</c>: in the unit of the whole; never the whole before it is all.</summary>
    public static string Part(long bytes, long total, string of, CultureInfo culture)
    {
        int unit = Scale(total).Unit;
        double tenths = unit > 1 ? 10 : 1;
        double part = Math.Floor(Math.Min(bytes, total) / Math.Pow(1000, unit + 1) * tenths) / tenths;
        return $"{part.ToString(unit > 1 ? "0.0" : "0", culture)} {of} {Size(total, culture)}";
    }

    /// <summary>Such as <c>45%</c>; never 100% before it is all.</summary>
    public static string Percent(double fraction, CultureInfo culture) =>
        (Math.Floor(Math.Clamp(fraction, 0, 1) * 100) / 100).ToString("P0", culture);

    /// <summary>Such as <c>50 s</c>, <c>4 min</c>, <c>2 h 5 min</c>, <c>3 d 2 h</c>: the two largest units that say something.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => Join(span.Days, "d", span.Hours, "h"),
        { TotalHours: >= 1 } => Join(span.Hours, "h", span.Minutes, "min"),
        { TotalMinutes: >= 1 } => Join(span.Minutes, "min", 0, ""),
        _ => Join(Math.Max(0, span.Seconds), "s", 0, ""),
    };

    private static (double Value, int Unit) Scale(long bytes)
    {
        double value = bytes / 1000.0;
        int unit = 0;
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return (value, unit);
    }

    private static string Join(int large, string unit, int small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large} {unit} {small} {smallUnit}");
}
