using System.Text;
using System.Text.RegularExpressions;

namespace Impetus.Retrieval.Indexing;

/// <summary>
/// Which files of a folder are left out: hidden ones, build products and version control, and the patterns of <c>.gitignore</c> and
/// <c>.impetusignore</c> files, each for the folder that it lies in. The common part of gitignore's language is understood: <c>*</c>,
/// <c>**</c>, <c>?</c>, classes, a leading <c>/</c>, a trailing <c>/</c>, <c>!</c>, <c>#</c>.
/// </summary>
internal sealed class IgnoreRules
{
    private const int MaxPatterns = 5_000;
    private static readonly string[] Always = ["node_modules/", "bin/", "obj/", "__pycache__/", "target/", "DerivedData/"];
    private static readonly string[] Files = [".gitignore", ".impetusignore"];

    private readonly IReadOnlyList<Rule> _rules;

    private IgnoreRules(IReadOnlyList<Rule> rules) => _rules = rules;

    public static IgnoreRules For(FolderSource folder) => new(Parse(folder.Path, [.. Always, .. folder.Ignore]));

    /// <summary>These rules and those of the ignore files in <paramref name="folder"/>.</summary>
    public IgnoreRules Below(string folder)
    {
        var rules = new List<Rule>(_rules);
        foreach (string name in Files)
        {
            string file = Path.Combine(folder, name);
            if (File.Exists(file))
                rules.AddRange(Parse(folder, File.ReadLines(file).Take(MaxPatterns)));
        }
        return rules.Count == _rules.Count ? this : new IgnoreRules(rules);
    }

    /// <summary>The last pattern that matches decides, as in git.</summary>
    public bool IsIgnored(string path, bool isFolder)
    {
        if (Path.GetFileName(path).StartsWith('.'))
            return true;
        bool ignored = false;
        foreach (var rule in _rules)
        {
            if ((isFolder || !rule.IsFolderOnly) && rule.Pattern.IsMatch(Path.GetRelativePath(rule.Base, path).Replace('\\', '/')))
                ignored = !rule.IsNegated;
        }
        return ignored;
    }

    private static List<Rule> Parse(string folder, IEnumerable<string> lines)
    {
        var rules = new List<Rule>();
        foreach (string line in lines)
        {
            string pattern = line.Trim();
            if (pattern.Length == 0 || pattern[0] == '#' || pattern.Length > 1_024)
                continue;
            bool isNegated = pattern[0] == '!';
            pattern = isNegated ? pattern[1..] : pattern;
            bool isFolderOnly = pattern.EndsWith('/');
            pattern = pattern.TrimEnd('/');
            if (pattern.Length > 0)
                rules.Add(new Rule(folder, Translate(pattern), isFolderOnly, isNegated));
        }
        return rules;
    }

    /// <summary>A pattern with a slash is bound to its folder; one without matches at any depth.</summary>
    private static Regex Translate(string pattern)
    {
        var regex = new StringBuilder(pattern.Contains('/', StringComparison.Ordinal) ? "^" : "(^|/)");
        pattern = pattern.TrimStart('/');
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                bool isFolders = i + 2 < pattern.Length && pattern[i + 2] == '/';
                regex.Append(isFolders ? "(.*/)?" : ".*");
                i += isFolders ? 2 : 1;
            }
            else if (pattern[i] == '[' && pattern.IndexOf(']', i + 1) is var end && end > i + 1)
            {
                string set = pattern[(i + 1)..end];
                regex.Append(set[0] is '!' or '^' ? "[^" : "[").Append(set.TrimStart('!', '^').Replace("\\", "\\\\", StringComparison.Ordinal)).Append(']');
                i = end;
            }
            else
                regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
        }
        return new Regex(regex.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    private sealed record Rule(string Base, Regex Pattern, bool IsFolderOnly, bool IsNegated);
}
