using AppKit;
using Foundation;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>Panels that ask or tell one thing. An app without a Dock icon comes to the front first.</summary>
internal static class Panels
{
    public static async Task<IReadOnlyList<string>> ChooseDocumentsAsync(Strings strings)
    {
        var panel = NSOpenPanel.OpenPanel;
        panel.CanChooseDirectories = true;
        panel.AllowsMultipleSelection = true;
        panel.Prompt = strings.AddPrompt;
        return [.. (await RunAsync(panel)).Select(url => url.Path!)];
    }

    public static async Task<string?> ChooseFolderAsync(string message)
    {
        var panel = NSOpenPanel.OpenPanel;
        panel.CanChooseFiles = false;
        panel.CanChooseDirectories = true;
        panel.ShowsHiddenFiles = true;
        panel.Message = message;
        return (await RunAsync(panel)).FirstOrDefault()?.Path;
    }

    /// <summary>The first button is the one that Return presses: it changes nothing.</summary>
    public static bool Confirm(Confirmation confirmation)
    {
        using var alert = Alert(confirmation.Title, confirmation.Text);
        alert.AddButton(confirmation.No);
        alert.AddButton(confirmation.Yes);
        return alert.RunModal() == (nint)(long)NSAlertButtonReturn.Second;
    }

    public static void Tell(string title, string text)
    {
        using var alert = Alert(title, text);
        alert.RunModal();
    }

    /// <summary>Name, icon and version come from the bundle.</summary>
    public static void ShowAbout(Strings strings)
    {
        Activate();
        using var options = NSDictionary.FromObjectAndKey(new NSAttributedString(strings.AboutText), new NSString("Credits"));
        NSApplication.SharedApplication.OrderFrontStandardAboutPanelWithOptions(options);
    }

    public static void Activate()
    {
        MainThread.Assert();
        NSApplication.SharedApplication.Activate();
    }

    private static NSAlert Alert(string title, string text)
    {
        Activate();
        return new() { MessageText = title, InformativeText = text, AlertStyle = NSAlertStyle.Informational };
    }

    private static Task<NSUrl[]> RunAsync(NSOpenPanel panel)
    {
        Activate();
        var chosen = new TaskCompletionSource<NSUrl[]>();
        panel.Begin(result => chosen.SetResult(result == (nint)(long)NSModalResponse.OK ? panel.Urls : []));
        return chosen.Task;
    }
}
