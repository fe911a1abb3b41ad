using System.Globalization;
using System.Text;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>The pictures of the status item. Set <c>IMPETUS_WRITE_GLYPHS</c> to a folder to get them as SVG, and look at them.</summary>
public sealed class GlyphTests
{
    private static readonly double?[] Rings = [null, 0, 0.4, 1];

    [Fact]
    public void Every_state_has_a_picture_of_its_own_that_fits_its_square()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var icon in Enum.GetValues<StatusIcon>())
        {
            foreach (double? ring in Rings)
            {
                var strokes = Glyph.Draw(new(icon, ring, ""));
                Assert.NotEmpty(strokes);
                Assert.All(strokes.SelectMany(Extent), at => Assert.InRange(at, 0, Glyph.Size));
                Assert.True(seen.Add(string.Join(';', strokes.Select(Describe))), $"{icon} with ring {ring} looks like another state.");
                Write($"{icon}-{(ring is { } r ? (int)(r * 100) : "plain")}", strokes);
            }
        }
    }

    [Theory]
    [InlineData(0.25, 90)]
    [InlineData(0.5, 180)]
    [InlineData(1.0, 360)]
    [InlineData(7.0, 360)]
    public void The_ring_grows_clockwise_from_the_top(double progress, double degrees)
    {
        var ring = Glyph.Draw(new(StatusIcon.Working, progress, "")).OfType<GlyphStroke.Arc>().Single();
        Assert.Equal(90, ring.To);
        Assert.Equal(degrees, ring.To - ring.From, 6);
    }

    [Fact]
    public void The_chevrons_keep_clear_of_the_ring()
    {
        var strokes = Glyph.Draw(new(StatusIcon.Busy, 1, ""));
        var ring = strokes.OfType<GlyphStroke.Arc>().Single();
        foreach (var line in strokes.OfType<GlyphStroke.Polyline>())
        {
            foreach (var (x, y) in line.Points)
                Assert.True(double.Hypot(x - ring.X, y - ring.Y) + line.Width / 2 <= ring.Radius - ring.Width / 2, $"({x}, {y}) touches the ring.");
        }
    }

    private static IEnumerable<double> Extent(GlyphStroke stroke) => stroke switch
    {
        GlyphStroke.Arc arc => [arc.X - arc.Radius - arc.Width / 2, arc.X + arc.Radius + arc.Width / 2],
        GlyphStroke.Polyline line => line.Points.SelectMany(p => new[] { p.X - line.Width / 2, p.X + line.Width / 2, p.Y - line.Width / 2, p.Y + line.Width / 2 }),
        _ => throw new ArgumentOutOfRangeException(nameof(stroke)),
    };

    private static string Describe(GlyphStroke stroke) => stroke is GlyphStroke.Polyline line
        ? string.Create(CultureInfo.InvariantCulture, $"<path d=\"M{string.Join(" L", line.Points.Select(p => FormattableString.Invariant($"{p.X:0.##} {Glyph.Size - p.Y:0.##}")))}\" stroke-width=\"{line.Width}\"/>")
        : Ring((GlyphStroke.Arc)stroke);

    private static string Ring(GlyphStroke.Arc arc)
    {
        double length = 2 * Math.PI * arc.Radius;
        return string.Create(CultureInfo.InvariantCulture, $"<circle cx=\"{arc.X}\" cy=\"{arc.Y}\" r=\"{arc.Radius}\" stroke-width=\"{arc.Width}\" transform=\"rotate(-90 {arc.X} {arc.Y})\" stroke-dasharray=\"{length * (arc.To - arc.From) / 360:0.###} {length:0.###}\"/>");
    }

    private static void Write(string name, IReadOnlyList<GlyphStroke> strokes)
    {
        if (Environment.GetEnvironmentVariable("IMPETUS_WRITE_GLYPHS") is not { Length: > 0 } folder)
            return;
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 18 18\" fill=\"none\" stroke=\"black\" stroke-linecap=\"round\" stroke-linejoin=\"round\">");
        foreach (var stroke in strokes)
            svg.Append(Describe(stroke));
        File.WriteAllText(Path.Combine(folder, name + ".svg"), svg.Append("</svg>").ToString());
    }
}
