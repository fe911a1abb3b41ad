using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The filters by name: Jinja's own, with <c>tojson</c> as the reference replaces it.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Builtin> ByName = new[]
    {
        TextFilters.All, HtmlFilters.All, NumberFilters.All, SequenceFilters.All, SelectionFilters.All, MappingFilters.All,
    }.SelectMany(static filters => filters).ToDictionary(StringComparer.Ordinal);

    public static bool Contains(string name) => ByName.ContainsKey(name);

    /// <summary>A filter, or null.</summary>
    public static Builtin? Find(string name) => ByName.GetValueOrDefault(name);
}
