using System.Globalization;
using Impetus.Engine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Impetus.Server.Cli;

/// <summary>
/// How far a model is, in two lines of at most the terminal's width: what happens to which, and below a bar, the share, bytes and the
/// time that is left.
/// </summary>
internal sealed class ModelProgressColumn : ProgressColumn
{
    private const int WidestBar = 40, NarrowestBar = 5;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Bar(task.Description, task.Value, task.MaxValue, task.RemainingTime);

    /// <summary>The two lines.</summary>
    internal sealed class Bar(string what, double done, double total, TimeSpan? left) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            double share = total > 0 ? Math.Clamp(done / total, 0, 1) : 0;
            string facts = string.Create(
                CultureInfo.InvariantCulture, $"{share * 100,3:0} %  {ByteCount.Text((long)done)} of {ByteCount.Text((long)total)}");
            if (left is { } time && share < 1)
                facts += $", {Amounts.Duration(time)} left";
            int bar = Math.Min(WidestBar, maxWidth - facts.Length - 2), full = (int)Math.Round(share * bar);
            foreach (var segment in Segment.SplitOverflow(new Segment(what), Overflow.Ellipsis, maxWidth))
                yield return segment;
            yield return Segment.LineBreak;
            if (bar >= NarrowestBar)
            {
                yield return new Segment(new string('━', full), Color.Green);
                yield return new Segment(new string('━', bar - full) + "  ", Color.Grey23);
            }

            yield return new Segment(facts);
            yield return Segment.LineBreak;
        }
    }
}
