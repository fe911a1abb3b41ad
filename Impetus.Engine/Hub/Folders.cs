namespace Impetus.Engine.Hub;

/// <summary>Looks into folders that may change, vanish or be closed to us at any moment: what cannot be read is not there.</summary>
internal static class Folders
{
    private static readonly EnumerationOptions Visible = new() { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = true };

    /// <summary>The folders in a folder, hidden ones left out, in no particular order.</summary>
    public static IEnumerable<string> In(string folder) => List(() => Directory.GetDirectories(folder, "*", Visible));

    /// <summary>The files in a folder, hidden ones left out, in no particular order.</summary>
    public static IEnumerable<string> FilesIn(string folder) => List(() => Directory.GetFiles(folder, "*", Visible));

    /// <summary>The length of a file, or of what a link leads to; null where there is none.</summary>
    public static long? Length(string path)
    {
        try
        {
            var file = new FileInfo(path);
            // A link has a length of its own, and exists without its target.
            if (file.LinkTarget is not null)
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return file is { Exists: true } ? file.Length : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] List(Func<string[]> list)
    {
        try
        {
            return list();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
