using System.Runtime.InteropServices;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Backends;

/// <summary>Makes the backend that was asked for: the only place that knows more than one.</summary>
public static class BackendFactory
{
    /// <summary>Makes a backend. Engine thread only.</summary>
    /// <param name="choice">Which one.</param>
    /// <param name="cpu">How the CPU computes, if it does.</param>
    /// <returns>The backend, where it computes, and a sentence that says why it is this one.</returns>
    /// <exception cref="BackendUnavailableException">MLX was asked for by name and cannot be used.</exception>
    public static (IBackend Backend, ComputeDevice Device, string Reason) Create(BackendChoice choice, CpuOptions? cpu = null)
    {
        switch (choice)
        {
            case BackendChoice.Mlx:
                if (!MlxBackend.IsAvailable(out string? why))
                    throw new BackendUnavailableException(why!);
                return WithMlx("was asked for; it");
            case BackendChoice.Cpu:
                return (new CpuBackend(cpu), ComputeDevice.Cpu, "The CPU was asked for.");
            default:
                if (!OperatingSystem.IsMacOS() || RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
                    return (new CpuBackend(cpu), ComputeDevice.Cpu, "The CPU computes, since this machine has no Apple silicon.");
                return MlxBackend.IsAvailable(out string? missing)
                    ? WithMlx("")
                    : (new CpuBackend(cpu), ComputeDevice.Cpu, $"The CPU computes, since MLX cannot: {missing}");
        }
    }

    /// <summary>Whether a backend has a bare loop to be measured against.</summary>
    internal static bool HasBareLoop(IBackend backend) => backend is MlxBackend;

    /// <summary>A bare loop on the library that a backend is made of. Engine thread only.</summary>
    /// <exception cref="NotSupportedException">It has none, or not for this model.</exception>
    internal static IBareLoop CreateBareLoop(IBackend backend, BareLlama model, ICheckpoint checkpoint) => backend is MlxBackend mlx
        ? mlx.CreateBareLoop(model, checkpoint)
        : throw new NotSupportedException($"The backend '{backend.Name}' has no bare loop.");

    /// <summary>What to know about a version of MLX before it is trusted; empty where there is nothing.</summary>
    internal static string Caution(Version version, bool onMetal) => onMetal && version < new Version(0, 32)
        ? " Before 0.32 a GPU command that fails ends the whole process: update it (brew upgrade mlx mlx-c)."
        : "";

    private static (IBackend Backend, ComputeDevice Device, string Reason) WithMlx(string how)
    {
        var mlx = new MlxBackend();
        string where = mlx.OnMetal ? "computes on Metal" : "computes on its CPU device, which is slow";
        return (
            mlx,
            mlx.OnMetal ? ComputeDevice.Metal : ComputeDevice.MlxCpu,
            string.Join(' ', new[] { $"MLX {mlx.Version}", how, $"{where}." }.Where(part => part.Length > 0)) + Caution(mlx.Version, mlx.OnMetal));
    }
}
