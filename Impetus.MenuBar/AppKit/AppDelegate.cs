using AppKit;
using Foundation;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.AppKit;

/// <summary>The life of the application, handed on to <see cref="AppController"/>.</summary>
[Register("AppDelegate")]
internal sealed class AppDelegate : NSApplicationDelegate
{
    private readonly Strings _strings = Composition.Strings();
    private readonly List<string> _early = [];
    private AppRun? _run;
    private StatusItemController? _statusItem;
    private Composition? _composition;

    public override void DidFinishLaunching(NSNotification notification) => MainThread.Guard(() =>
    {
        try
        {
            _composition = new(_strings);
            _run = AppRun.Begin(DataDirectory.Locate(null, Environment.GetEnvironmentVariable), _composition.Compose);
        }
        catch (SettingsException fault)
        {
            Panels.Tell(_strings.CannotRun, fault.Message);
            NSApplication.SharedApplication.Terminate(this);
            return;
        }

        _composition.Connect(_run.Controller);
        _statusItem = new(_run.Controller, _strings);
        NSApplication.SharedApplication.ServicesProvider = new ServicesProvider(_run.Controller);
        MainThread.Follow(LaunchAsync(_run.Controller));
    });

    /// <summary>Files that were opened with the app, and addresses that begin with <c>impetus://</c>.</summary>
    public override void OpenUrls(NSApplication application, NSUrl[] urls) => MainThread.Guard(() =>
    {
        foreach (var url in urls)
            Open(url.IsFileUrl ? url.Path! : url.AbsoluteString!);
    });

    public override bool ApplicationShouldHandleReopen(NSApplication sender, bool hasVisibleWindows)
    {
        MainThread.Guard(() => _statusItem?.OpenMenu());
        return false;
    }

    public override bool ApplicationShouldTerminateAfterLastWindowClosed(NSApplication sender) => false;

    public override bool SupportsSecureRestorableState(NSApplication application) => true;

    /// <summary>Requests may finish first; the main thread is not blocked while they do.</summary>
    public override NSApplicationTerminateReply ApplicationShouldTerminate(NSApplication sender)
    {
        MainThread.Assert();
        if (_run is not { } run)
            return NSApplicationTerminateReply.Now;
        _run = null;
        MainThread.Follow(EndAsync(run));
        return NSApplicationTerminateReply.Later;
    }

    private async Task LaunchAsync(AppController app)
    {
        await app.LaunchAsync();
        foreach (string what in _early)
            await app.OpenAsync(what);
        _early.Clear();
    }

    // What is opened may come before the launch is over.
    private void Open(string what)
    {
        if (_run is { } run)
            MainThread.Follow(run.Controller.OpenAsync(what));
        else
            _early.Add(what);
    }

    private async Task EndAsync(AppRun run)
    {
        try
        {
            await run.DisposeAsync();
        }
        finally
        {
            _statusItem?.Dispose();
            _composition?.Dispose();
            NSApplication.SharedApplication.ReplyToApplicationShouldTerminate(true);
        }
    }
}
