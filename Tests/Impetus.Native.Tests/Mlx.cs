namespace Impetus.Native.Tests;

/// <summary>Opens MLX for a test, or skips the test with the reason why it cannot.</summary>
internal static class Mlx
{
    public static MlxLibraryInfo Open()
    {
        Assert.SkipUnless(MlxLibrary.IsAvailable(out string? reason), reason ?? "");
        return MlxLibrary.Open();
    }

    /// <summary>Runs an action on a thread of its own that owns MLX, one at a time.</summary>
    public static void OnOwnThread(Action action)
    {
        Open();
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
