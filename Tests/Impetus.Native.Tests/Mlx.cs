using Impetus.Native.Interop;

namespace Impetus.Native.Tests;

/// <summary>Opens MLX for a test, or skips the test with the reason why it cannot.</summary>
internal static class Mlx
{
    private static readonly Lock Turn = new();

    public static MlxLibraryInfo Open()
    {
        Assert.SkipUnless(MlxLibrary.IsAvailable(out string? reason), reason ?? "");
        return MlxLibrary.Open();
    }

    /// <summary>Skips a test that compiles a graph where MLX could not: on its CPU device it calls a C++ compiler.</summary>
    public static unsafe void RequireCompiler()
    {
        Open();
        byte metal = 0;
        MlxError.Check(MlxC.mlx_metal_is_available(&metal));
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(metal != 0 || folders.Any(folder => File.Exists(Path.Combine(folder, "g++"))), "There is no g++, which MLX's CPU device compiles with.");
    }

    /// <summary>Runs an action on a thread of its own that owns MLX, one at a time.</summary>
    public static void OnOwnThread(Action action)
    {
        Open();
        using var turn = Turn.EnterScope();
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                MlxThread.Take();
                try
                {
                    action();
                }
                finally
                {
                    MlxThread.Release();
                }
            }
            catch (Exception caught)
            {
                fault = caught;
            }
        });
        thread.Start();
        thread.Join();
        if (fault is not null)
            throw new InvalidOperationException(fault.Message, fault);
    }
}
