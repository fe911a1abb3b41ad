using Impetus.Server.Management;

namespace Impetus.Server.Tests.Management;

public sealed class KeepAliveTests
{
    [Theory]
    [InlineData("5m", 300.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("1.5s", 1.5)]
    [InlineData("500ms", 0.5)]
    [InlineData("90", 90.0)]
    [InlineData("0", 0.0)]
    [InlineData("0s", 0.0)]
    [InlineData("-1", null)]
    [InlineData("-1m", null)]
    public void Seconds_and_durations_are_read_as_ollama_reads_them(string text, double? seconds) =>
        Assert.Equal(new KeepAlive(seconds is { } s ? TimeSpan.FromSeconds(s) : null), KeepAlive.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("5d")]
    [InlineData("1001h")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    public void What_is_no_time_is_none(string text) => Assert.Null(KeepAlive.Parse(text));
}
