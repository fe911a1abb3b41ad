using System.Text.RegularExpressions;

namespace Impetus.Server.Tests.Http;

/// <summary>
/// Reads <c>docs/api/*.md</c>: a heading of the second level names a route (<c>## `GET /ready`</c>); the tables in its sections
/// "Request", "Form", "Query", "Response" and "Events" have a field in each row's first cell.
/// </summary>
internal static partial class ApiPages
{
    public static IReadOnlyList<ApiRoute> Read(string folder) =>
        [.. Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal).SelectMany(file => Read(File.ReadAllLines(file), file))];

    private static IEnumerable<ApiRoute> Read(string[] lines, string file)
    {
        ApiRoute? route = null;
        string section = "";
        foreach (string line in lines)
        {
            if (RouteHeading().Match(line) is { Success: true } heading)
            {
                if (route is not null)
                    yield return route;
                route = new(heading.Groups[1].Value, Path.GetFileName(file), []);
            }
            else if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                section = line[4..].Trim();
                route?.Sections.TryAdd(section, []);
            }
            else if (FieldRow().Match(line) is { Success: true } row && route is not null)
            {
                foreach (Match field in FieldName().Matches(row.Groups[1].Value))
                    route.Sections[section].Add(field.Groups[1].Value, row.Groups[2].Value);
            }
        }

        if (route is not null)
            yield return route;
    }

    [GeneratedRegex("^## `([A-Z]+ [^`]+)`")]
    private static partial Regex RouteHeading();

    [GeneratedRegex(@"^\| (`[^|]+`) \|(.*)\|$")]
    private static partial Regex FieldRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex FieldName();
}

/// <param name="Name">Method and path.</param>
/// <param name="File">The page.</param>
/// <param name="Sections">For each section its fields with the rest of their row.</param>
internal sealed record ApiRoute(string Name, string File, Dictionary<string, Dictionary<string, string>> Sections);
