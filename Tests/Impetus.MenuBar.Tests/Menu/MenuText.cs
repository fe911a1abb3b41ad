using System.Text;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>A menu as a page of text: one line an item, with all that a person would see, hear or trigger.</summary>
internal static class MenuText
{
    public static string Render(MenuView view)
    {
        var text = new StringBuilder();
        string ring = view.Status.Progress is { } progress ? FormattableString.Invariant($" ring {progress:0.00}") : "";
        text.Append(FormattableString.Invariant($"[{view.Status.Icon}{ring}] \"{view.Status.Label}\"\n"));
        Render(view.Entries, "", text);
        return text.ToString();
    }

    private static void Render(IReadOnlyList<MenuEntry> entries, string indent, StringBuilder text)
    {
        foreach (var entry in entries)
        {
            if (entry is not MenuItem item)
            {
                text.Append(indent).Append("---\n");
                continue;
            }

            text.Append(indent)
                .Append(item.Checked ? "✓ " : item.Enabled ? "• " : "  ")
                .Append(item.Title)
                .Append(item.Children.Count > 0 ? " ▸" : "")
                .Append(item.Key is { } key ? $"  ⌘{char.ToUpperInvariant(key)}" : "")
                .Append(item.Command is { } command ? $"  → {command}" : "")
                .Append(item.Symbol is { } symbol ? $"  ({symbol})" : "")
                .Append(item.ToolTip is { } tip ? $"  \"{tip}\"" : "")
                .Append(item.AccessibilityLabel is { } label ? $"  spoken \"{label}\"" : "")
                .Append('\n');
            Render(item.Children, indent + "    ", text);
        }
    }
}
