using AppKit;
using Impetus.MenuBar.App;

namespace Impetus.MenuBar.AppKit;

/// <summary>Draws the pages of the welcome.</summary>
internal sealed class WelcomeWindow : PanelWindow
{
    private readonly Welcome _welcome;

    public WelcomeWindow(Welcome welcome) : base("Impetus", width: 480)
    {
        _welcome = welcome;
        Draw();
    }

    private void Draw()
    {
        if (_welcome.IsOver)
        {
            Window.Close();
            return;
        }

        var page = _welcome.Current;
        var next = NSButton.CreateButton(page.Next, () => MainThread.Follow(NextAsync()));
        next.KeyEquivalent = "\r";
        NSView[] buttons = page.Skip is { } skip ? [NSButton.CreateButton(skip, Skip), next] : [next];
        Fill(
        [
            Text(page.Title, 20, bold: true),
            Text(page.Text),
            .. page.Choices.Select(Choice),
            .. page.Question is { } question ? [Text(question, bold: true)] : Array.Empty<NSView>(),
            Row(buttons),
        ]);
    }

    private NSView Choice(WelcomeChoice choice)
    {
        var button = NSButton.CreateRadioButton(choice.Title, () => MainThread.Guard(() =>
        {
            _welcome.Choose(choice.Id);
            Draw();
        }));
        button.State = choice.Chosen ? NSCellStateValue.On : NSCellStateValue.Off;
        button.Enabled = choice.Fits;
        button.ToolTip = choice.Why ?? choice.Id;
        button.AccessibilityHelp = choice.Why ?? "";
        return button;
    }

    private async Task NextAsync()
    {
        var going = _welcome.NextAsync();
        Draw();
        await going;
    }

    private void Skip() => MainThread.Guard(() =>
    {
        _welcome.Skip();
        Draw();
    });
}
