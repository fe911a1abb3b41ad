using System.Globalization;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "en", "0 KB")]
    [InlineData(999_499, "en", "999 KB")]
    [InlineData(999_500, "en", "1 MB")]
    [InlineData(3_849_000_000, "en", "3.8 GB")]
    [InlineData(3_849_000_000, "de", "3,8 GB")]
    [InlineData(9_960_000_000, "en", "10 GB")]
    [InlineData(long.MaxValue, "en", "9223372 TB")]
    public void Sizes_are_decimal_and_short(long bytes, string language, string expected) =>
        Assert.Equal(expected, Figures.Size(bytes, new CultureInfo(language)));

    [Theory]
    [InlineData(0, 0, "0 of 0 KB")]
    [InlineData(1_250_000_000, 3_849_000_000, "1.2 of 3.8 GB")]
    [InlineData(400_000_000, 18_400_000_000, "0.4 of 18 GB")]
    [InlineData(34_900_000, 76_200_000, "34 of 76 MB")]
    [InlineData(80_000_000, 76_200_000, "76 of 76 MB")]
    public void A_part_is_told_in_the_unit_of_the_whole(long bytes, long total, string expected) =>
        Assert.Equal(expected, Figures.Part(bytes, total, "of", new CultureInfo("en")));

    [Theory]
    [InlineData(0.0, "0%")]
    [InlineData(0.999, "99%")]
    [InlineData(1.0, "100%")]
    [InlineData(1.5, "100%")]
    [InlineData(-1.0, "0%")]
    public void A_percentage_is_not_full_before_it_is(double fraction, string expected) =>
        Assert.Equal(expected, Figures.Percent(fraction, new CultureInfo("en")));

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3_600, "1 h")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(180_000, "2 d 2 h")]
    public void A_span_names_its_largest_units(int seconds, string expected) =>
        Assert.Equal(expected, Figures.Span(TimeSpan.FromSeconds(seconds)));
}
