namespace Impetus.Server.Cli;

/// <summary>Percentiles of measured values, by the nearest rank.</summary>
internal static class Percentile
{
    /// <summary>Those that benchmarks report.</summary>
    public static IReadOnlyList<int> Reported { get; } = [10, 50, 90];

    /// <summary>The smallest value that so many percent of all are not above.</summary>
    public static double Of(IReadOnlyCollection<double> values, int percent) =>
        values.Order().ElementAt(Math.Max((int)Math.Ceiling(values.Count * percent / 100.0) - 1, 0));
}
