using Impetus.Engine.Generation;

namespace Impetus.Engine.Tests.Generation;

public sealed class PhiloxTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Blocks_equal_the_published_vectors(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void Uniforms_fill_the_unit_interval_evenly()
    {
        var bins = new int[10];
        for (int position = 0; position < 10_000; position++)
        {
            float uniform = Philox.Uniform(7, position, position % 3);
            Assert.InRange(uniform, 0, 0.99999994f);
            bins[(int)(uniform * 10)]++;
        }

        Assert.All(bins, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Seed_position_and_choice_each_change_the_draw()
    {
        float[] draws =
            [Philox.Uniform(1, 2, 3), Philox.Uniform(2, 2, 3), Philox.Uniform(1, 3, 3), Philox.Uniform(1, 2, 4), Philox.Uniform(1ul << 40, 2, 3)];
        Assert.Equal(draws.Length, draws.Distinct().Count());
        Assert.Equal(Philox.Uniform(1, 2, 3), draws[0]);
    }
}
