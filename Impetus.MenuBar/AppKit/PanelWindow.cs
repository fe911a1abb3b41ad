using AppKit;
using CoreGraphics;

namespace Impetus.MenuBar.AppKit;

/// <summary>A small window with a column of views. Closed, it is hidden and keeps its place.</summary>
internal abstract class PanelWindow
{
    private const int Margin = 20;

    private readonly NSStackView _column = new()
    {
        Orientation = NSUserInterfaceLayoutOrientation.Vertical,
        Alignment = NSLayoutAttribute.Leading,
        Spacing = 12,
        EdgeInsets = new NSEdgeInsets(Margin, Margin, Margin, Margin),
        TranslatesAutoresizingMaskIntoConstraints = false,
    };

    protected PanelWindow(string title, int width)
    {
        MainThread.Assert();
        Window = new NSWindow(new CGRect(0, 0, width, 200), NSWindowStyle.Titled | NSWindowStyle.Closable, NSBackingStore.Buffered, deferCreation: true)
        {
            Title = title,
            ContentView = _column,
        };
        Window.ReleaseWhenClosed(false);
        _column.WidthAnchor.ConstraintEqualTo(width).Active = true;
        Window.Center();
    }

    protected NSWindow Window { get; }

    /// <summary>The width that rows may take.</summary>
    protected nfloat RowWidth => Window.Frame.Width - 2 * Margin;

    public void Show()
    {
        Panels.Activate();
        Window.MakeKeyAndOrderFront(null);
    }

    /// <summary>Puts these views in the place of the last ones.</summary>
    protected void Fill(IEnumerable<NSView> views) => _column.SetViews([.. views], NSStackViewGravity.Top);

    /// <summary>Views beside each other.</summary>
    protected static NSStackView Row(params NSView[] views)
    {
        var row = NSStackView.FromViews(views);
        row.Orientation = NSUserInterfaceLayoutOrientation.Horizontal;
        row.Spacing = 8;
        return row;
    }

    /// <summary>A text that is read, over as many lines as it takes.</summary>
    protected NSTextField Text(string text, nfloat? size = null, bool bold = false)
    {
        var label = NSTextField.CreateWrappingLabel(text);
        nfloat points = size ?? NSFont.SystemFontSize;
        label.Font = (bold ? NSFont.BoldSystemFontOfSize(points) : NSFont.SystemFontOfSize(points))!;
        label.PreferredMaxLayoutWidth = RowWidth;
        return label;
    }

    protected NSTextField Small(string text)
    {
        var label = Text(text, NSFont.SmallSystemFontSize);
        label.TextColor = NSColor.SecondaryLabel;
        return label;
    }
}
