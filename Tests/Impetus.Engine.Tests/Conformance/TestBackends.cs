using System.Runtime.ExceptionServices;
using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;
using Impetus.Native;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>The backends that a test is run against, by name. One that this machine lacks skips the test with the reason.</summary>
internal static class TestBackends
{
    private static readonly Lock Mlx = new();

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["reference", "mlx"];

    /// <summary>Runs a test on a fresh backend and disposes it.</summary>
    public static void Run(string name, Action<IBackend> test)
    {
        switch (name)
        {
            case "reference":
                using (var reference = new ReferenceBackend())
                    test(reference);
                break;
            case "mlx":
                Assert.SkipUnless(MlxLibrary.IsAvailable(out string? reason), reason ?? "");
                lock (Mlx)
                    OnOwnThread(() =>
                    {
                        using var mlx = new MlxBackend();
                        test(mlx);
                    });
                break;
            default:
                throw new ArgumentException($"There is no backend '{name}'.", nameof(name));
        }
    }

    private static void OnOwnThread(Action action)
    {
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception caught)
            {
                fault = ExceptionDispatchInfo.Capture(caught);
            }
        });
        thread.Start();
        thread.Join();
        fault?.Throw();
    }
}
