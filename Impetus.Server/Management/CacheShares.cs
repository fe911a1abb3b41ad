using Impetus.Engine.Hub;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Management;

/// <summary>What the caches of all models may take: three quarters of what their weights leave, but room for a short conversation each.</summary>
/// <param name="residences">The table.</param>
/// <param name="budget">Of the process.</param>
internal sealed class CacheShares(Residences residences, MemoryBudget budget)
{
    /// <summary>Shares anew, after a model came or went. Takes the gate.</summary>
    public void Share()
    {
        lock (residences.Gate)
        {
            var estimates = residences.All.Where(residence => residence.State != ResidentState.Failed).Select(residence => residence.Estimate).ToList();
            long left = Math.Max(0, budget.MostFreeBytes - estimates.Sum(estimate => estimate.LoadBytes));
            budget.Caches.Bytes = Math.Max(left / 4 * 3, estimates.Sum(ModelNeeds.LeastCacheBytes));
        }
    }
}
