namespace Impetus.Retrieval.Indexing;

/// <summary>Finds and reads the files of a folder that is to be added.</summary>
internal static class FolderScan
{
    private const int MaxFiles = 200_000;

    private static readonly EnumerationOptions Entries = new()
    {
        IgnoreInaccessible = true,
        // A link may lead out of the folder, or round in a circle.
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Full paths in ordinal order.</summary>
    public static List<string> Files(FolderSource folder)
    {
        if (!Directory.Exists(folder.Path))
            throw new LibraryException(LibraryFault.NotFound, $"There is no folder {folder.Path}, or this user may not read it.");
        var files = new List<string>();
        Walk(folder.Path, IgnoreRules.For(folder), files);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Walk(string folder, IgnoreRules rules, List<string> files)
    {
        rules = rules.Below(folder);
        foreach (string path in Directory.EnumerateFiles(folder, "*", Entries))
        {
            if (rules.IsIgnored(path, isFolder: false))
                continue;
            if (files.Count == MaxFiles)
                throw new LibraryException(LibraryFault.TooLarge, $"The folder holds more than {MaxFiles:N0} files. Add its parts one by one.");
            files.Add(path);
        }
        foreach (string path in Directory.EnumerateDirectories(folder, "*", Entries))
        {
            if (!rules.IsIgnored(path, isFolder: true))
                Walk(path, rules, files);
        }
    }

    /// <summary>Whether a scan of the folder would find the file.</summary>
    public static bool IsWanted(FolderSource folder, string file)
    {
        var rules = IgnoreRules.For(folder).Below(folder.Path);
        string[] steps = Path.GetRelativePath(folder.Path, file).Split(Path.DirectorySeparatorChar);
        string path = folder.Path;
        foreach (string step in steps[..^1])
        {
            path = Path.Combine(path, step);
            if (rules.IsIgnored(path, isFolder: true) || IsLink(path))
                return false;
            rules = rules.Below(path);
        }
        return !rules.IsIgnored(file, isFolder: false) && !IsLink(file);
    }

    private static bool IsLink(string path) => File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    /// <summary>The file as a document whose source is its path.</summary>
    public static async Task<NewDocument> ReadAsync(FolderSource folder, string file, long maxBytes, CancellationToken cancellationToken)
    {
        var info = new FileInfo(file);
        if (info.Length > maxBytes)
        {
            throw new LibraryException(LibraryFault.TooLarge, $"{file} has {info.Length:N0} bytes; the limit is {maxBytes:N0}.")
            { Code = "too_large" };
        }
        byte[] bytes = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        return new NewDocument(info.Name, bytes)
        {
            Collection = folder.Collection,
            Source = file,
            Modified = info.LastWriteTimeUtc,
        };
    }
}
