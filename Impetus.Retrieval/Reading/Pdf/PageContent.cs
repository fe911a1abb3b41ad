namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>What was found on a page: its fragments by the direction in which they run, and what could not be read.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Directions">The direction with most text first.</param>
/// <param name="UnreadableLetters">Letters of fonts without a way to Unicode.</param>
/// <param name="HasGraphics">Whether the page shows pictures or drawings.</param>
internal sealed record PageContent(int Number, List<List<Fragment>> Directions, int Letters, int UnreadableLetters, bool HasGraphics)
{
    public IEnumerable<Fragment> Fragments => Directions.SelectMany(direction => direction);
}
