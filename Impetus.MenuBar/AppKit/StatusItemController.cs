using AppKit;
using CoreFoundation;
using Foundation;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>The picture in the menu bar with its menu and its drop target, drawn from <see cref="MenuBuilder"/> whenever the app changes.</summary>
internal sealed class StatusItemController : NSMenuDelegate
{
    // Many changes are one to the eye.
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(100);

    private readonly AppController _controller;
    private readonly Strings _strings;
    private readonly NSStatusItem _item = NSStatusBar.SystemStatusBar.CreateStatusItem(NSStatusItemLength.Square);
    private readonly MenuRenderer _renderer;
    private StatusItem? _shown;
    private NSTimer? _everySecond;
    private int _pending;

    public StatusItemController(AppController controller, Strings strings)
    {
        MainThread.Assert();
        (_controller, _strings) = (controller, strings);
        _renderer = new(new NSMenu("Impetus") { Delegate = this }, command => MainThread.Follow(controller.PerformAsync(command)));
        _item.Menu = _renderer.Menu;
        _item.AutosaveName = "Impetus";
        _item.Button.AddSubview(new DropView(_item.Button, controller, strings));
        controller.Changed += OnChanged;
        Render();
    }

    /// <summary>Opens the menu, as a click does.</summary>
    public void OpenMenu() => _item.Button.PerformClick(this);

    /// <summary>The figures of an open menu run on.</summary>
    public override void MenuWillOpen(NSMenu menu)
    {
        Render();
        _everySecond = NSTimer.CreateRepeatingTimer(1, _ => MainThread.Guard(Render));
        NSRunLoop.Main.AddTimer(_everySecond, NSRunLoopMode.Common);
    }

    public override void MenuDidClose(NSMenu menu)
    {
        _everySecond?.Invalidate();
        _everySecond = null;
    }

    public override void MenuWillHighlightItem(NSMenu menu, NSMenuItem item)
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _controller.Changed -= OnChanged;
            NSStatusBar.SystemStatusBar.RemoveStatusItem(_item);
        }

        base.Dispose(disposing);
    }

    // Raised on any thread.
    private void OnChanged()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0)
            DispatchQueue.MainQueue.DispatchAfter(new DispatchTime(DispatchTime.Now, Blink), () => MainThread.Guard(Render));
    }

    private void Render()
    {
        Volatile.Write(ref _pending, 0);
        var view = MenuBuilder.Build(_controller.State, _strings);
        _renderer.Render(view.Entries);
        if (view.Status == _shown)
            return;
        _shown = view.Status;
        _item.Button.Image = GlyphImage.Make(view.Status);
        _item.Button.ToolTip = view.Status.Label;
        ((NSView)_item.Button).AccessibilityLabel = view.Status.Label;
    }
}
