namespace Impetus.MenuBar.Menu;

/// <summary>A line of a picture in the menu bar, in points on a square of <see cref="Glyph.Size"/>, y upwards, with round ends.</summary>
/// <param name="Width">Of the pen.</param>
internal abstract record GlyphStroke(double Width)
{
    /// <summary>A line through points.</summary>
    internal sealed record Polyline(double Width, params IReadOnlyList<(double X, double Y)> Points) : GlyphStroke(Width);

    /// <summary>A part of a circle, counter-clockwise.</summary>
    /// <param name="Width">Of the pen.</param>
    /// <param name="X">Of the centre.</param>
    /// <param name="Y">Of the centre.</param>
    /// <param name="Radius">To the middle of the pen.</param>
    /// <param name="From">Where it begins, in degrees from the right.</param>
    /// <param name="To">Where it ends.</param>
    internal sealed record Arc(double Width, double X, double Y, double Radius, double From, double To) : GlyphStroke(Width);
}

/// <summary>
/// The pictures of the status item, as data: a pair of chevrons, which is our impetus. One colour, for the system tints it; so that states
/// differ in shape and not in colour.
/// </summary>
internal static class Glyph
{
    /// <summary>Points on a side.</summary>
    public const double Size = 18;

    private const double Centre = Size / 2;
    private const double RingRadius = 7.75;
    private const double RingWidth = 1.5;

    /// <summary>The strokes of a status item. A ring of progress begins at the top and runs clockwise.</summary>
    public static IReadOnlyList<GlyphStroke> Draw(StatusItem status)
    {
        // Inside of a ring the chevrons are smaller.
        double scale = status.Progress is null ? 1 : 0.62;
        return [.. Mark(status.Icon, scale), .. Ring(status.Progress)];
    }

    private static IEnumerable<GlyphStroke> Mark(StatusIcon icon, double scale) => icon switch
    {
        StatusIcon.Stopped => [Chevron(-3.5, scale, 1.2), Chevron(2, scale, 1.2)],
        StatusIcon.Working => [Chevron(-3.5, scale, 2.2), Chevron(2, scale, 1.2)],
        StatusIcon.Busy => [Chevron(-6, scale, 2), Chevron(-1.5, scale, 2), Chevron(3, scale, 2)],
        StatusIcon.Failed => [Chevron(-4.5, scale, 2.2), Line(4.5, 6, 4.5, -1, scale), Line(4.5, -5, 4.5, -5.2, scale)],
        _ => [Chevron(-3.5, scale, 2.2), Chevron(2, scale, 2.2)],
    };

    private static IEnumerable<GlyphStroke> Ring(double? progress)
    {
        if (progress is not { } fraction)
            yield break;
        // Something is seen from the first moment on.
        double share = Math.Clamp(fraction, 0.02, 1);
        yield return new GlyphStroke.Arc(RingWidth, Centre, Centre, RingRadius, 90 - 360 * share, 90);
    }

    private static GlyphStroke.Polyline Chevron(double left, double scale, double width) => new(
        Pen(width, scale), At(left - 0.5, 5.5, scale), At(left + 3.5, 0, scale), At(left - 0.5, -5.5, scale));

    private static GlyphStroke.Polyline Line(double x1, double y1, double x2, double y2, double scale) =>
        new(Pen(2.2, scale), At(x1, y1, scale), At(x2, y2, scale));

    // A small picture wants a thinner pen, yet not as much thinner as it is smaller.
    private static double Pen(double width, double scale) => width * Math.Sqrt(scale);

    private static (double X, double Y) At(double x, double y, double scale) => (Centre + x * scale, Centre + y * scale);
}
