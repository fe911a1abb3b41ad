using AppKit;
using Foundation;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>The desktop as the app asks for it. Called on any thread; everything is posted to the main one.</summary>
internal sealed class Desktop(Strings strings) : IPlatform
{
    private PreferencesWindow? _preferences;
    private WelcomeWindow? _welcome;
    private AskWindow? _ask;
    private NSObject? _activity;

    /// <summary>Whose windows these are; set before any is shown.</summary>
    public AppController? Controller { get; set; }

    public void Copy(string text) => MainThread.Post(() =>
    {
        NSPasteboard.GeneralPasteboard.ClearContents();
        NSPasteboard.GeneralPasteboard.SetStringForType(text, NSPasteboardType.String.GetConstant()!);
    });

    public void Open(Uri page) => MainThread.Post(() => NSWorkspace.SharedWorkspace.OpenUrl(NSUrl.FromString(page.AbsoluteUri)!));

    public void Reveal(string path) => MainThread.Post(() => NSWorkspace.SharedWorkspace.ActivateFileViewer([NSUrl.FromFilename(path)]));

    public Task<IReadOnlyList<string>> ChooseDocumentsAsync() => MainThread.RunAsync(() => Panels.ChooseDocumentsAsync(strings));

    public Task<string?> ChooseFolderAsync(string message) => MainThread.RunAsync(() => Panels.ChooseFolderAsync(message));

    public Task<bool> ConfirmAsync(Confirmation confirmation) => MainThread.RunAsync(() => Task.FromResult(Panels.Confirm(confirmation)));

    public void ShowPreferences() => MainThread.Post(() => (_preferences ??= new(Controller!.PreferencesForm, strings)).Show());

    public void ShowWelcome() => MainThread.Post(() => (_welcome = new(Controller!.Welcome())).Show());

    public void ShowAsk(string question) => MainThread.Post(() => (_ask ??= new(Controller!, strings)).Show(question));

    public void ShowAbout() => MainThread.Post(() => Panels.ShowAbout(strings));

    public void KeepWorking(bool working) => MainThread.Post(() =>
    {
        if (working == (_activity is not null))
            return;
        if (_activity is { } activity)
            NSProcessInfo.ProcessInfo.EndActivity(activity);
        _activity = working ? NSProcessInfo.ProcessInfo.BeginActivity(NSActivityOptions.InitiatedAllowingIdleSystemSleep, "Impetus") : null;
    });

    public void Quit() => MainThread.Post(() => NSApplication.SharedApplication.Terminate(null));
}
