using AppKit;
using CoreAnimation;
using CoreGraphics;
using Foundation;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>Lies over the status item and takes what is dropped there. It springs when it would take something, and shakes when it refuses.</summary>
internal sealed class DropView : NSView
{
    private readonly NSStatusBarButton _button;
    private readonly AppController _controller;

    public DropView(NSStatusBarButton button, AppController controller, Strings strings) : base(button.Bounds)
    {
        (_button, _controller) = (button, controller);
        AutoresizingMask = NSViewResizingMask.WidthSizable | NSViewResizingMask.HeightSizable;
        AccessibilityHelp = strings.DropHint;
        RegisterForDraggedTypes(PasteboardItems.Types);
        button.WantsLayer = true;
    }

    // Clicks belong to the button below.
    public override NSView? HitTest(CGPoint aPoint) => null;

    public override NSDragOperation DraggingEntered(INSDraggingInfo sender)
    {
        MainThread.Assert();
        bool welcome = PasteboardItems.HasPromises(sender.DraggingPasteboard) || AppController.Accepts(PasteboardItems.Read(sender.DraggingPasteboard));
        _button.Highlight(welcome);
        if (welcome)
            Spring();
        sender.AnimatesToDestination = welcome;
        return welcome ? NSDragOperation.Copy : NSDragOperation.None;
    }

    public override void DraggingExited(INSDraggingInfo? sender) => _button.Highlight(false);

    public override bool PrepareForDragOperation(INSDraggingInfo sender) => true;

    public override bool PerformDragOperation(INSDraggingInfo sender)
    {
        MainThread.Assert();
        var items = PasteboardItems.Read(sender.DraggingPasteboard);
        PasteboardItems.ReceivePromises(sender.DraggingPasteboard, item => _controller.Drop([item]));
        int refused = items.Count > 0 ? _controller.Drop(items).Count : 0;
        if (refused > 0)
            Shake();
        return refused < Math.Max(1, items.Count);
    }

    public override void ConcludeDragOperation(INSDraggingInfo? sender) => _button.Highlight(false);

    private void Spring() => _button.Layer?.AddAnimation(
        new CASpringAnimation
        {
            KeyPath = "transform.scale",
            From = NSNumber.FromDouble(1.2),
            To = NSNumber.FromDouble(1),
            Damping = 8,
            Duration = 0.5,
        },
        "spring");

    private void Shake()
    {
        var shake = CAKeyFrameAnimation.FromKeyPath("transform.translation.x");
        shake.Values = [.. new[] { 0.0, -3, 3, -2, 2, 0 }.Select(NSNumber.FromDouble)];
        shake.Duration = 0.3;
        _button.Layer?.AddAnimation(shake, "shake");
    }
}
