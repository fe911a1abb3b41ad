namespace Impetus.Engine.Hub;

/// <summary>What a model's card, the front matter of its <c>README.md</c>, says about it.</summary>
public static class ModelCard
{
    private const int MaxLines = 2_000, MaxLineLength = 200;

    /// <summary>The languages that the model knows, as its makers tag them; none where they do not say, or say that it knows many.</summary>
    public static IReadOnlyList<string> Languages(string folder)
    {
        var languages = Values(folder, "language");
        return languages.Contains("multilingual") ? [] : languages;
    }

    /// <summary>The licence that the makers state, such as <c>apache-2.0</c>; null where they do not.</summary>
    public static string? Licence(string folder)
    {
        var licences = Values(folder, "license");
        if (licences is ["other", ..] && Values(folder, "license_name") is [var name, ..])
            return name;
        return licences.Count > 0 ? string.Join(", ", licences) : TitleOf(Path.Combine(folder, "LICENSE"));
    }

    /// <summary>The values of a key, which are on its line or in a list below it.</summary>
    private static List<string> Values(string folder, string key)
    {
        var values = new List<string>();
        bool listed = false;
        foreach (string line in FrontMatter(Path.Combine(folder, "README.md")))
        {
            if (line.StartsWith($"{key}:", StringComparison.Ordinal))
            {
                listed = true;
                values.AddRange(Tags(line[(key.Length + 1)..]));
            }
            else if (listed && line.TrimStart().StartsWith('-'))
            {
                values.AddRange(Tags(line.TrimStart()[1..]));
            }
            else if (listed)
            {
                break;
            }
        }

        return values;
    }

    private static IEnumerable<string> FrontMatter(string path)
    {
        var lines = Lines(path);
        return lines.FirstOrDefault() == "---" ? lines.Skip(1).TakeWhile(line => line != "---") : [];
    }

    private static string? TitleOf(string path) => Lines(path).Select(line => line.Trim()).FirstOrDefault(line => line.Length is > 0 and <= MaxLineLength);

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return Folders.Length(path) is null ? [] : [.. File.ReadLines(path).Take(MaxLines)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Tags(string text) =>
        text.Trim().Trim('[', ']').Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
