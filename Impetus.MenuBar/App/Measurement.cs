using Impetus.MenuBar.Menu;
using Impetus.Server.Observability;

namespace Impetus.MenuBar.App;

/// <summary>The server's own figures, as the menu shows them.</summary>
internal static class Measurement
{
    public static LiveFigures Of(ServerStatus status) => new(
        status.TokensPerSecond.Decode,
        status.Queue.ActiveRequests,
        new(status.Memory.UsedBytes, status.Memory.LimitBytes, status.Memory.PrefixCacheBytes, status.Memory.CachesBytes, status.Memory.OtherBytes),
        [.. status.Models.Where(model => model.MemoryBytes > 0).Select(model => new ModelFigures(model.Id, model.MemoryBytes, model.InFlight))],
        TimeSpan.FromSeconds(status.UptimeSeconds));
}
