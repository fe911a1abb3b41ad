using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>
/// How long a model stays in memory after its last request, in Ollama's words: seconds or a duration such as <c>5m</c>; 0 unloads
/// it after the request, a negative one never.
/// </summary>
/// <param name="Idle">How long; null: for ever.</param>
public readonly partial record struct KeepAlive(TimeSpan? Idle)
{
    /// <summary>What a timer can count.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1000);

    /// <summary>Five minutes.</summary>
    public static KeepAlive Usual { get; } = new(TimeSpan.FromMinutes(5));

    /// <summary>Until it is unloaded by name.</summary>
    public static KeepAlive ForEver { get; } = new((TimeSpan?)null);

    /// <summary>What a value must be.</summary>
    internal const string Expected = "seconds or a duration such as \"5m\" or \"1h30m\", at most 1000 hours; 0 unloads at once, a negative one never";

    /// <summary>Reads <c>300</c>, <c>5m</c>, <c>1h30m</c>, <c>500ms</c>, <c>-1</c>; null if it is nothing of the kind.</summary>
    public static KeepAlive? Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
            return OfSeconds(seconds);
        if (Duration().Match(text) is not { Success: true } match)
            return null;
        double total = 0;
        for (int i = 0; i < match.Groups["count"].Captures.Count; i++)
            total += double.Parse(match.Groups["count"].Captures[i].Value, CultureInfo.InvariantCulture) * Seconds(match.Groups["unit"].Captures[i].Value);
        return OfSeconds(text[0] == '-' ? -total : total);
    }

    /// <summary>A field of a request.</summary>
    internal static Field<KeepAlive?> Field(string name, string description) => new(
        name,
        description,
        () => new() { ["anyOf"] = new JsonArray(Fields.Schema("string"), Fields.Schema("number")) },
        value => (value.Kind switch
        {
            System.Text.Json.JsonValueKind.String => Parse(value.Text(64)),
            System.Text.Json.JsonValueKind.Number when value.Element.TryGetDouble(out double seconds) => OfSeconds(seconds),
            _ => null,
        }) ?? throw value.Expected(Expected));

    private static KeepAlive? OfSeconds(double seconds) =>
        seconds < 0 ? ForEver : seconds <= Longest.TotalSeconds ? new(TimeSpan.FromSeconds(seconds)) : null;

    private static double Seconds(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "ns" => 1e-9,
        _ => 1e-6,
    };

    // Go's durations, as Ollama reads them.
    [GeneratedRegex(@"\A[+-]?(?:(?<count>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?<unit>ms|ns|us|µs|h|m|s))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
