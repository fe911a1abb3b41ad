namespace Impetus.Retrieval.Answering;

/// <summary>
/// Finds the words of a sentence that seem to be names: those that begin with a capital letter behind its first word. German writes every
/// noun so, and scripts without capitals tell nothing: there are none in these.
/// </summary>
internal static class ProperNames
{
    private const string Marks = "\"'“”‘’«»()[]";

    /// <summary>Distinct stems.</summary>
    public static HashSet<string> Of(string sentence, string language)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (language == "de")
            return names;
        bool isFirst = true;
        foreach (string part in sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string word = part.Trim(Marks.ToCharArray());
            if (!isFirst && word.Length > 1 && char.IsUpper(word[0]))
                names.UnionWith(ContentTerms.Of(word, language));
            isFirst = false;
        }
        return names;
    }
}
