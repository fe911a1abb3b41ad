using System.Globalization;

namespace Impetus.Server.Management.Memory;

/// <summary>
/// What Linux's control groups allow a process: <c>memory.max</c> of version 2, <c>memory.limit_in_bytes</c> of version 1. A group's bound
/// holds for those inside it, too. Thread safe.
/// </summary>
/// <param name="root">Where <c>proc</c> and <c>sys</c> are.</param>
internal sealed class ControlGroups(string root)
{
    private const string Mount = "sys/fs/cgroup", FormerMount = "sys/fs/cgroup/memory";

    // What version 1 writes for "no bound" is a little less than 2⁶³, by the size of a page.
    private const long Unbounded = long.MaxValue >> 1;

    /// <summary>The least of the bounds of the group and of those around it; null if there is none.</summary>
    public long? LeastBytes
    {
        get
        {
            string file = Path.Combine(root, "proc/self/cgroup");
            long? least = null;
            // Such as "0::/outer/inner" for version 2, and "4:memory:/outer/inner" for version 1.
            foreach (string[] line in (File.Exists(file) ? File.ReadLines(file) : ["0::/"]).Select(line => line.Split(':', 3)))
            {
                var found = line switch
                {
                    ["0", "", ['/', ..] group] => Least(Mount, group, "memory.max"),
                    [_, var kinds, ['/', ..] group] when kinds.Split(',').Contains("memory") => Least(FormerMount, group, "memory.limit_in_bytes"),
                    _ => null,
                };
                if (found is { } bytes && !(bytes >= least))
                    least = bytes;
            }

            return least;
        }
    }

    // A container sees its own group as the top, and may be told of a path that is not there.
    private long? Least(string mount, string group, string name)
    {
        long? least = null;
        for (group = group.TrimEnd('/'); ; group = group[..group.LastIndexOf('/')])
        {
            if (Bound(Path.Combine(root, mount, group.TrimStart('/'), name)) is { } bound && !(bound >= least))
                least = bound;
            if (group.Length == 0)
                return least;
        }
    }

    private static long? Bound(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes < Unbounded
            ? bytes
            : null;
}
