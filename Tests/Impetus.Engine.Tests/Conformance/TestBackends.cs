using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;
using Impetus.Native;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>The backends that a test is run against, by name. One that this machine lacks skips the test with the reason.</summary>
internal static class TestBackends
{
    private static readonly SemaphoreSlim Mlx = new(1);

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["reference", "cpu", "mlx"];

    /// <summary>Runs a test on a fresh backend and disposes it.</summary>
    public static void Run(string name, Action<IBackend> test)
    {
        using var turn = name == "mlx" ? TakeMlx() : null;
        using var backend = Create(name);
        test(backend);
    }

    /// <summary>Makes one, on the thread that is to use it; <see cref="TakeMlx"/> comes before MLX.</summary>
    public static IBackend Create(string name) => name switch
    {
        "reference" => new ReferenceBackend(),
        "cpu" => new CpuBackend(new CpuOptions { Threads = 2 }),
        "mlx" => new MlxBackend(),
        _ => throw new ArgumentException($"There is no backend '{name}'.", nameof(name)),
    };

    /// <summary>Waits for MLX, which belongs to one thread at a time; skips the test where the library is missing.</summary>
    public static IDisposable TakeMlx()
    {
        Assert.SkipUnless(MlxLibrary.IsAvailable(out string? reason), reason ?? "");
        Mlx.Wait();
        return new Turn();
    }

    private sealed class Turn : IDisposable
    {
        public void Dispose() => Mlx.Release();
    }
}
