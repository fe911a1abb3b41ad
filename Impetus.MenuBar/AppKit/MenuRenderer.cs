using AppKit;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>Shows a tree of entries as a menu, step by step from what it shows already, so that an open menu stays open under the pointer.</summary>
internal sealed class MenuRenderer(NSMenu menu, Action<MenuCommand> perform)
{
    private readonly List<Row> _rows = [];

    public NSMenu Menu { get; } = Prepare(menu);

    public void Render(IReadOnlyList<MenuEntry> wanted)
    {
        MainThread.Assert();
        foreach (var change in MenuChange.Between([.. _rows.Select(row => row.Entry)], wanted))
        {
            switch (change)
            {
                case MenuChange.Insert { Index: var at, Entry: var entry }:
                    var row = new Row(entry, perform);
                    Menu.InsertItem(row.Shown, at);
                    _rows.Insert(at, row);
                    break;
                case MenuChange.Remove { Index: var at }:
                    Menu.RemoveItemAt(at);
                    _rows.RemoveAt(at);
                    break;
                case MenuChange.Update { Index: var at, Item: var item }:
                    _rows[at].Say(item);
                    break;
            }
        }
    }

    private static NSMenu Prepare(NSMenu menu)
    {
        // What can be chosen is decided by the tree.
        menu.AutoEnablesItems = false;
        return menu;
    }

    /// <summary>An entry and the item that shows it.</summary>
    private sealed class Row
    {
        private readonly Action<MenuCommand> _perform;
        private readonly MenuRenderer? _children;

        public Row(MenuEntry entry, Action<MenuCommand> perform)
        {
            (Entry, _perform) = (entry, perform);
            if (entry is not MenuItem item)
            {
                Shown = NSMenuItem.SeparatorItem;
                return;
            }

            Shown = new NSMenuItem(item.Title, OnChosen);
            if (item.Children.Count > 0)
            {
                _children = new(new NSMenu(item.Title), perform);
                Shown.Submenu = _children.Menu;
            }

            Say(item);
        }

        public MenuEntry Entry { get; private set; }

        public NSMenuItem Shown { get; }

        public void Say(MenuItem item)
        {
            Entry = item;
            Shown.Title = item.Title;
            Shown.Enabled = item.Enabled;
            Shown.State = item.Checked ? NSCellStateValue.On : NSCellStateValue.Off;
            Shown.KeyEquivalent = item.Key?.ToString() ?? "";
            Shown.ToolTip = item.ToolTip ?? "";
            Shown.Image = item.Symbol is { } symbol ? NSImage.GetSystemSymbol(symbol, null) : null;
            // Null lets VoiceOver read the title.
            Shown.AccessibilityLabel = item.AccessibilityLabel;
            _children?.Render(item.Children);
        }

        private void OnChosen(object? sender, EventArgs e) => MainThread.Guard(() =>
        {
            if (Entry is MenuItem { Command: { } command })
                _perform(command);
        });
    }
}
