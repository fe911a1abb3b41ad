using AppKit;

namespace Impetus.MenuBar.AppKit;

/// <summary>The entry of the app. There is no storyboard: a delegate is all that the application is told.</summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        NSApplication.Init();
        // The application holds its delegate weakly; this method outlives it.
        var @delegate = new AppDelegate();
        NSApplication.SharedApplication.Delegate = @delegate;
        NSApplication.Main(arguments);
        GC.KeepAlive(@delegate);
    }
}
