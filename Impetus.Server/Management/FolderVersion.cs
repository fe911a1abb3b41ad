namespace Impetus.Server.Management;

/// <summary>
/// Tells whether a model's files changed, without reading them: names, lengths and times of the files in its folder and one level below, and
/// the time of the folder that Hugging Face's cache downloads to.
/// </summary>
internal readonly record struct FolderVersion(int Files, long Newest, int Hash)
{
    public static FolderVersion Of(string folder)
    {
        try
        {
            var files = new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true })
                .OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
            long blobs = Directory.GetLastWriteTimeUtc(Path.Combine(folder, "..", "..", "blobs")).Ticks;
            var hash = new HashCode();
            foreach (var file in files)
                hash.Add((file.FullName, file.Length, file.LastWriteTimeUtc));
            return new(files.Count, Math.Max(blobs, files.Count == 0 ? 0 : files.Max(file => file.LastWriteTimeUtc.Ticks)), hash.ToHashCode());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
