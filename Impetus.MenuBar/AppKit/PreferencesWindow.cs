using AppKit;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>Draws the form of the preferences, and hands each change on.</summary>
internal sealed class PreferencesWindow : PanelWindow
{
    private readonly PreferencesForm _form;

    public PreferencesWindow(PreferencesForm form, Strings strings) : base(strings.PreferencesTitle, width: 440)
    {
        _form = form;
        // What the system remembers may have changed meanwhile.
        Window.DidBecomeKey += (_, _) => MainThread.Guard(() => Draw(null));
        Draw(null);
    }

    private void Draw(string? fault)
    {
        var views = _form.Rows.SelectMany(Views);
        if (fault is not null)
            views = views.Append(Fault(fault));
        Fill(views);
    }

    private IEnumerable<NSView> Views(FormRow row)
    {
        yield return Control(row);
        if (row.Help is { } help)
            yield return Small(help);
    }

    private NSView Control(FormRow row)
    {
        switch (row)
        {
            case FormRow.Toggle toggle:
                NSButton box = null!;
                box = NSButton.CreateCheckbox(toggle.Label, () => Apply(row, box.State == NSCellStateValue.On));
                box.State = toggle.On ? NSCellStateValue.On : NSCellStateValue.Off;
                return box;
            case FormRow.Choice choice:
                var list = new NSPopUpButton();
                ((NSView)list).AccessibilityLabel = choice.Label;
                list.AddItems([.. choice.Options]);
                list.SelectItem(choice.Selected);
                list.Activated += (_, _) => Apply(row, (int)list.IndexOfSelectedItem);
                return Row(NSTextField.CreateLabel(choice.Label), list);
            case FormRow.Field field:
                var text = NSTextField.CreateTextField(field.Value);
                text.AccessibilityLabel = field.Label;
                text.WidthAnchor.ConstraintEqualTo(80).Active = true;
                text.EditingEnded += (_, _) => Apply(row, text.StringValue);
                return Row(NSTextField.CreateLabel(field.Label), text);
            default:
                return NSButton.CreateButton(row.Label, () => Apply(row, null));
        }
    }

    private NSTextField Fault(string fault)
    {
        var label = Text(fault);
        label.TextColor = NSColor.SystemRed;
        return label;
    }

    private void Apply(FormRow row, object? value) => MainThread.Follow(ApplyAsync(row, value));

    private async Task ApplyAsync(FormRow row, object? value) => Draw(await _form.ApplyAsync(row.Id, value));
}
