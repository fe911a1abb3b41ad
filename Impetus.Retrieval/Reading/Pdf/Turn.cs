using UglyToad.PdfPig.Core;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>Turns a page so that text that ran at an angle runs to the right, and moves it so that its lower left corner is the origin.</summary>
internal readonly struct Turn
{
    private readonly double _sine, _cosine, _x, _y;

    /// <param name="degrees">The angle at which the text runs, counter-clockwise.</param>
    /// <param name="width">Of the page.</param>
    /// <param name="height">Of the page.</param>
    public Turn(int degrees, double width, double height)
    {
        (_sine, _cosine) = degrees == 0 ? (0, 1) : Math.SinCos(degrees * Math.PI / 180);
        _x = Math.Min(0, width * _cosine) + Math.Min(0, height * _sine);
        _y = Math.Min(0, height * _cosine) + Math.Min(0, -width * _sine);
    }

    public (double X, double Y) Of(PdfPoint point) =>
        ((point.X * _cosine) + (point.Y * _sine) - _x, (point.Y * _cosine) - (point.X * _sine) - _y);
}
