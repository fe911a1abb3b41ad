namespace Impetus.Engine.Tests;

public sealed class ByteCountTests
{
    [Theory]
    [InlineData(0, "0 MB")]
    [InlineData(1, "1 MB")]
    [InlineData(84_900_000, "85 MB")]
    [InlineData(3_840_000_000, "3.84 GB")]
    [InlineData(6_200_000_000, "6.2 GB")]
    [InlineData(4_000_000_000, "4.0 GB")]
    public void Sizes_are_told_as_disks_are_sold(long bytes, string text) => Assert.Equal(text, ByteCount.Text(bytes));

    [Theory]
    [InlineData("512MB", 512_000_000L)]
    [InlineData("6.2 GB", 6_200_000_000L)]
    [InlineData("6.2gb", 6_200_000_000L)]
    [InlineData("8GiB", 8L << 30)]
    [InlineData("1.5MiB", 3L << 19)]
    [InlineData("1", null)]
    [InlineData("0GB", null)]
    [InlineData("-1GB", null)]
    [InlineData("1/2GB", null)]
    [InlineData("1.2.3GB", null)]
    [InlineData("GB", null)]
    [InlineData("10TB", null)]
    [InlineData("99999999999999999999GB", null)]
    [InlineData("1000001GB", null)]
    public void Sizes_are_read_as_they_are_told(string text, long? bytes) => Assert.Equal(bytes, ByteCount.Parse(text));
}
