using AppKit;
using Foundation;

namespace Impetus.MenuBar.AppKit;

/// <summary>AppKit belongs to the main thread. What touches it asserts so; what comes from elsewhere is posted.</summary>
internal static class MainThread
{
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    public static void Assert()
    {
        if (!NSThread.IsMain)
            throw new InvalidOperationException("AppKit was touched beside the main thread.");
    }

    /// <summary>Runs later on the main thread, also while a menu is open. A fault is logged: it must not cross into Objective-C.</summary>
    public static void Post(Action action) => NSApplication.SharedApplication.BeginInvokeOnMainThread(() => Guard(action));

    /// <summary>Runs a callback of AppKit.</summary>
    public static void Guard(Action action)
    {
        Assert();
        try
        {
            action();
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine(fault);
        }
    }

    /// <summary>Follows work that a callback began.</summary>
    public static async void Follow(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine(fault);
        }
    }

    /// <summary>Runs on the main thread and hands the result back.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        NSApplication.SharedApplication.BeginInvokeOnMainThread(async () =>
        {
            try
            {
                result.SetResult(await function());
            }
            catch (Exception fault)
            {
                result.SetException(fault);
            }
        });
        return result.Task;
    }
}
