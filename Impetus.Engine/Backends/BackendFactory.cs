using System.Runtime.InteropServices;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends;

/// <summary>Makes the backend that was asked for: the only place that knows more than one.</summary>
public static class BackendFactory
{
    /// <summary>Makes a backend. Engine thread only.</summary>
    /// <param name="choice">Which one.</param>
    /// <param name="cpu">How the CPU computes, if it does.</param>
    /// <returns>The backend, and a sentence that says why it is this one.</returns>
    /// <exception cref="BackendUnavailableException">MLX was asked for by name and cannot be used.</exception>
    public static (IBackend Backend, string Reason) Create(BackendChoice choice, CpuOptions? cpu = null)
    {
        switch (choice)
        {
            case BackendChoice.Mlx:
                if (!MlxBackend.IsAvailable(out string? why))
                    throw new BackendUnavailableException(why!);
                var mlx = new MlxBackend();
                return (mlx, $"MLX {mlx.Version} was asked for; it computes on {(mlx.OnMetal ? "Metal" : "its CPU device, which is slow")}.");
            case BackendChoice.Cpu:
                return (new CpuBackend(cpu), "The CPU was asked for.");
            default:
                if (!OperatingSystem.IsMacOS() || RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
                    return (new CpuBackend(cpu), "The CPU computes, since this machine has no Apple silicon.");
                if (!MlxBackend.IsAvailable(out string? missing))
                    return (new CpuBackend(cpu), $"The CPU computes, since MLX cannot: {missing}");
                var metal = new MlxBackend();
                return (metal, $"MLX {metal.Version} computes on Metal.");
        }
    }
}
