using Impetus.Server.Management;
using Impetus.Server.Management.Memory;

namespace Impetus.Server.Observability;

/// <summary>Tells the feed what happens in memory: models that come and go, and how short it is.</summary>
internal sealed class ModelNews(ModelHost host, MemoryBudget budget, IMemoryPressure pressure, EventFeed feed) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        host.Changed += Tell;
        pressure.Changed += Tell;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        host.Changed -= Tell;
        pressure.Changed -= Tell;
        return Task.CompletedTask;
    }

    private void Tell(ResidentModel model)
    {
        bool loading = model.State == ResidentState.Loading;
        feed.Publish(new ModelEvent(
            model.Id, model.State.ToString().ToLowerInvariant(), loading ? model.Bytes : null, loading ? model.TotalBytes : null, model.Fault));
        if (model.State is ResidentState.Ready or ResidentState.Unloaded)
            Tell(pressure.Level);
    }

    private void Tell(PressureLevel level) => feed.Publish(new MemoryEvent(
        budget.UsedBytes,
        budget.LimitBytes,
        level.ToString().ToLowerInvariant(),
        level == PressureLevel.Normal ? null : "Memory is short: cached prefixes and idle models are given back."));
}
