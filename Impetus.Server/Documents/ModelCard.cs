namespace Impetus.Server.Documents;

/// <summary>What a model's card, the front matter of its <c>README.md</c>, says about it.</summary>
internal static class ModelCard
{
    private const int MaxLines = 2_000;

    /// <summary>The languages that the model knows, as its makers tag them; none where they do not say, or say that it knows many.</summary>
    public static IReadOnlyList<string> Languages(string folder)
    {
        string path = Path.Combine(folder, "README.md");
        if (!File.Exists(path))
            return [];
        var languages = new List<string>();
        bool listed = false;
        foreach (string line in FrontMatter(path))
        {
            if (line.StartsWith("language:", StringComparison.Ordinal))
            {
                listed = true;
                languages.AddRange(Tags(line["language:".Length..]));
            }
            else if (listed && line.TrimStart().StartsWith('-'))
            {
                languages.AddRange(Tags(line.TrimStart()[1..]));
            }
            else if (listed)
            {
                break;
            }
        }

        return languages.Contains("multilingual") ? [] : languages;
    }

    private static IEnumerable<string> FrontMatter(string path)
    {
        var lines = File.ReadLines(path).Take(MaxLines);
        return lines.FirstOrDefault() == "---" ? lines.Skip(1).TakeWhile(line => line != "---") : [];
    }

    private static string[] Tags(string text) =>
        text.Trim().Trim('[', ']').Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
