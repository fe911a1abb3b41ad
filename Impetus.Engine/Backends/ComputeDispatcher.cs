using Impetus.Engine.Hardware;

namespace Impetus.Engine.Backends;

/// <summary>
/// Which device does what. All loaded models live in one backend and share its memory and its thread, so one device does all;
/// what else a machine has is named with the reason why it is not used.
/// </summary>
public static class ComputeDispatcher
{
    /// <summary>The routes of a machine, one that is taken for each task, and those that could be.</summary>
    /// <param name="device">Where the backend computes.</param>
    /// <param name="machine">The machine.</param>
    public static IReadOnlyList<ComputeRoute> Routes(ComputeDevice device, Machine machine)
    {
        var routes = new List<ComputeRoute>();
        foreach (var task in Enum.GetValues<ComputeTask>())
            routes.Add(new ComputeRoute(task, device, Built: true, Reason(task, device, machine)));
        if (machine.IsAppleSilicon)
        {
            routes.Add(new ComputeRoute(
                ComputeTask.Embedding, ComputeDevice.NeuralEngine, Built: false,
                "Not built: the neural engine takes Core ML models of fixed shapes, not these weights. It would spare the GPU while it writes."));
        }

        return routes;
    }

    /// <summary>The device that does a task.</summary>
    public static ComputeDevice DeviceFor(ComputeTask task, IEnumerable<ComputeRoute> routes) =>
        routes.First(route => route.Task == task && route.Built).Device;

    private static string Reason(ComputeTask task, ComputeDevice device, Machine machine) => (device, task) switch
    {
        (ComputeDevice.Metal, ComputeTask.Generation) =>
            $"Each token reads all weights, and the GPU reads memory fastest{Class(machine)}.",
        (ComputeDevice.Metal, _) => "Many texts at once are bound by arithmetic, of which the GPU has most.",
        (ComputeDevice.MlxCpu, _) => "MLX was asked for, and has no GPU here.",
        (_, _) when machine.IsAppleSilicon => "The CPU was asked for, or MLX cannot be used.",
        _ => "This machine has no Apple silicon.",
    };

    private static string Class(Machine machine) =>
        machine.Bandwidth == MemoryBandwidth.Unknown ? "" : $" ({machine.Bandwidth.ToString().ToLowerInvariant()} class)";
}
