using System.Globalization;

namespace Impetus.Server.Hosting;

/// <summary>Finds out which program listens on a port, where the system tells (Linux, through <c>/proc</c>).</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>Such as <c>'ollama' (process 4711)</c>; null if it cannot be known.</summary>
    public static string? Describe(int port)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var sockets = Inodes("/proc/net/tcp", port).Concat(Inodes("/proc/net/tcp6", port))
                .Select(inode => $"socket:[{inode}]")
                .ToHashSet(StringComparer.Ordinal);
            return sockets.Count == 0
                ? null
                : Directory.EnumerateDirectories("/proc").Select(p => Owner(p, sockets)).FirstOrDefault(o => o is not null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Columns: sl, local address (hex:hex), remote address, state, queues, timer, retransmits, uid, timeout, inode.
    private static IEnumerable<string> Inodes(string table, int port)
    {
        if (!File.Exists(table))
            yield break;
        string suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (string line in File.ReadLines(table).Skip(1))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 9 && columns[3] == Listening && columns[1].EndsWith(suffix, StringComparison.Ordinal))
                yield return columns[9];
        }
    }

    private static string? Owner(string process, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            return null;
        try
        {
            foreach (string descriptor in Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")))
            {
                if (new FileInfo(descriptor).LinkTarget is { } target && sockets.Contains(target))
                    return $"'{File.ReadAllText(Path.Combine(process, "comm")).Trim()}' (process {id})";
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just ended.
        }

        return null;
    }
}
