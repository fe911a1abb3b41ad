namespace Impetus.MenuBar.Menu;

/// <summary>A line of a menu: a separator or an item.</summary>
internal abstract record MenuEntry;

/// <summary>A line between groups.</summary>
internal sealed record MenuSeparator : MenuEntry;

/// <summary>An item, as data: whoever draws it decides nothing.</summary>
/// <param name="Id">Stays the same while the item says the same kind of thing, so that an open menu is updated in place.</param>
/// <param name="Title">In the user's language.</param>
internal sealed record MenuItem(string Id, string Title) : MenuEntry
{
    /// <summary>What it does; null for a text and for a submenu.</summary>
    public MenuCommand? Command { get; init; }

    /// <summary>The submenu; empty for none.</summary>
    public IReadOnlyList<MenuEntry> Children { get; init; } = [];

    /// <summary>The key that chooses it, together with the command key; null for none.</summary>
    public char? Key { get; init; }

    public bool Checked { get; init; }

    /// <summary>The name of an SF Symbol; null for none.</summary>
    public string? Symbol { get; init; }

    public string? ToolTip { get; init; }

    /// <summary>What VoiceOver says in place of the title; null where the title reads well.</summary>
    public string? AccessibilityLabel { get; init; }

    /// <summary>An item that does nothing cannot be chosen.</summary>
    public bool Enabled => Command is not null || Children.Count > 0;
}

/// <summary>The picture in the menu bar.</summary>
/// <param name="Icon">Which.</param>
/// <param name="Progress">A ring around it, 0 to 1; null for none.</param>
/// <param name="Label">What its tooltip and VoiceOver say.</param>
internal sealed record StatusItem(StatusIcon Icon, double? Progress, string Label);

/// <summary>The pictures of the status item.</summary>
internal enum StatusIcon
{
    Stopped,
    Working,
    Ready,
    Busy,
    Failed,
}

/// <summary>What is shown: the picture in the menu bar, and the menu below it.</summary>
internal sealed record MenuView(StatusItem Status, IReadOnlyList<MenuEntry> Entries);
