namespace Impetus.Retrieval.Indexing;

/// <summary>A folder whose files are to be added, with all folders below it.</summary>
/// <param name="Path">An absolute path.</param>
public sealed record FolderSource(string Path)
{
    /// <summary>The collection; it is made with the default embedding model where it does not exist.</summary>
    public string Collection { get; init; } = "documents";

    /// <summary>Patterns of <c>.gitignore</c>'s kind that are left out, besides the folder's own <c>.gitignore</c> and <c>.impetusignore</c>.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The files that would be added, by their full paths, in ordinal order. Links are not followed.</summary>
    /// <exception cref="LibraryException">There is no such folder, or it holds too many files.</exception>
    public IReadOnlyList<string> Files() => FolderScan.Files(this);
}
