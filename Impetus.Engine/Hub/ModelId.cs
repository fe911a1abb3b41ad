namespace Impetus.Engine.Hub;

/// <summary>Ids of models: <c>org/name</c>.</summary>
public static class ModelId
{
    /// <summary>The organisation of a model that lies somewhere without one.</summary>
    public const string Local = "local";

    private const int MaxPart = 128;

    /// <summary>Whether a text is of the form <c>org/name</c>, of letters, digits and <c>. _ -</c>, and so leads nowhere else.</summary>
    public static bool IsValid(string id) => id.Split('/') is [var organisation, var name] && IsPart(organisation) && IsPart(name);

    /// <summary>Whether a text can be the organisation or the name in an id.</summary>
    public static bool IsPart(string text) =>
        text.Length is > 0 and <= MaxPart && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>
    /// What the folder's place says: the organisation and name above a snapshot of Hugging Face's cache, else the folder's last two names,
    /// which need not make a valid id.
    /// </summary>
    public static string OfFolder(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string parent = Path.GetDirectoryName(full) ?? "";
        return Path.GetFileName(parent) == "snapshots" && HuggingFaceCache.IdOf(Path.GetDirectoryName(parent) ?? "") is { } id
            ? id
            : $"{Path.GetFileName(parent)}/{Path.GetFileName(full)}";
    }

    /// <summary>The id of a model that lies where no place gives it an organisation: <c>local/</c> and its folder's name.</summary>
    public static string OfLoneFolder(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)).TrimStart('.');
        string clean = string.Concat(name.Take(MaxPart).Select(c => IsPart($"{c}") || c == '.' ? c : '-'));
        return $"{Local}/{(clean.Length == 0 ? "model" : clean)}";
    }
}
