using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>How much of the machine the server takes: what the user wants, as far as the state of the machine allows. Thread safe.</summary>
internal sealed class PerformanceController(AppParts parts, ServerController server, ModelController models)
{
    private volatile PerformanceMode _inForce = parts.Preferences.Now.Mode;

    /// <summary>The mode that the server has been told.</summary>
    public PerformanceMode ModeInForce => _inForce;

    /// <summary>What the app allows itself now.</summary>
    public Allowance Allowance => Allowance.Decide(parts.Preferences.Now.Mode, parts.Conditions.Now);

    /// <summary>What a server is to be told now.</summary>
    public PerformancePlan Plan()
    {
        _inForce = Allowance.Mode;
        return PerformancePlan.For(_inForce, parts.Machine);
    }

    /// <summary>
    /// Takes a mode that the user has chosen. Threads and idle time count at once; for cache and batch, the model that answers is loaded
    /// anew, after its requests. A server that does not run takes it when it starts.
    /// </summary>
    public async Task SetAsync(PerformanceMode mode)
    {
        if (mode == parts.Preferences.Now.Mode)
            return;
        parts.Preferences.Change(preferences => preferences with { Mode = mode });
        if (await server.SettledAsync() is not { } running)
            return;
        await running.ReviseAsync(Plan());
        string model = parts.Preferences.Now.Model;
        if (models.Activity(model) is ModelActivity.Ready or ModelActivity.Loading)
            await models.SwitchAsync(model, anew: true);
    }

    /// <summary>Follows heat and low power: they take threads from a server that runs; what its models hold stays.</summary>
    public void Follow()
    {
        if (server.Now is { State: ServerState.Running, Server: { } running } && Allowance.Mode != ModeInForce)
            _ = ReviseAsync(running);
    }

    private async Task ReviseAsync(IHostedServer running)
    {
        try
        {
            await running.ReviseAsync(Plan());
        }
        catch (Exception fault) when (fault is ObjectDisposedException or InvalidOperationException)
        {
            // It stops just now; the next one starts with the plan.
        }
    }
}
