using System.Globalization;

namespace Impetus.MenuBar.Menu;

/// <summary>Numbers as people read them, in their own culture. Sizes are decimal, as the Finder counts.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    /// <summary>Such as <c>76 MB</c> and <c>3.8 GB</c>: one decimal below ten.</summary>
    public static string Size(long bytes, CultureInfo culture)
    {
        double value = bytes / 1000.0;
        int unit = 0;
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return $"{value.ToString(value < 9.95 && unit > 0 ? "0.#" : "0", culture)} {Units[unit]}";
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

    private static string Join(int large, string unit, int small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large} {unit} {small} {smallUnit}");
}
