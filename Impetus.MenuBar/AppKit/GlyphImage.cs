using AppKit;
using CoreGraphics;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>Draws a glyph at any scale, as a template that the system tints for light, dark and highlighted menu bars.</summary>
internal static class GlyphImage
{
    public static NSImage Make(StatusItem status)
    {
        var strokes = Glyph.Draw(status);
        var image = NSImage.ImageWithSize(new CGSize(Glyph.Size, Glyph.Size), flipped: false, _ =>
        {
            NSColor.Black.SetStroke();
            foreach (var stroke in strokes)
                Path(stroke).Stroke();
            return true;
        });
        image.Template = true;
        image.AccessibilityDescription = status.Label;
        return image;
    }

    private static NSBezierPath Path(GlyphStroke stroke)
    {
        var path = new NSBezierPath
        {
            LineWidth = (nfloat)stroke.Width,
            LineCapStyle = NSLineCapStyle.Round,
            LineJoinStyle = NSLineJoinStyle.Round,
        };
        if (stroke is GlyphStroke.Arc arc)
            path.AppendPathWithArc(new CGPoint(arc.X, arc.Y), (nfloat)arc.Radius, (nfloat)arc.From, (nfloat)arc.To);
        else if (stroke is GlyphStroke.Polyline line)
        {
            path.MoveTo(new CGPoint(line.Points[0].X, line.Points[0].Y));
            foreach (var (x, y) in line.Points.Skip(1))
                path.LineTo(new CGPoint(x, y));
        }

        return path;
    }
}
