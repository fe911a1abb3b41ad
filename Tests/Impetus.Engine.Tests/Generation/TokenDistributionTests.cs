using CsCheck;
using Impetus.Engine.Generation;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Generation;

public sealed class TokenDistributionTests
{
    private static readonly Gen<float[]> Rows = Gen.OneOf(
        Gen.Float[-12, 12].Array[1, 90],
        Gen.Int[-3, 3].Select(i => (float)i).Array[1, 40]);

    private static readonly Gen<SamplingOptions> Filters = Gen.Select(
        OneOf(0f, 0.3f, 1f, 1.7f), OneOf(0, 1, 5, 40, 1000), OneOf(1f, 0.9f, 0.4f, 0f), OneOf(0f, 0.05f, 0.5f, 1f),
        (temperature, topK, topP, minP) => new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP });

    [Fact]
    public void Host_and_device_draw_alike() => Gen.Select(Rows, Filters, Gen.ULong).Sample((logits, options, seed) =>
    {
        var sampler = new TokenSampler(options, seed, 0, []);
        Assert.True(sampler.OnDevice);
        using var backend = new ReferenceBackend();
        var ids = new int[1];
        backend.Read(backend.Sample(new ReferenceTensor(new Shape(1, logits.Length), logits), [sampler.Row(9)]), ids);
        Assert.Equal(ids[0], sampler.Draw(logits, 9, new TokenDistribution()));
    }, iter: 2000);

    [Fact]
    public void Probabilities_sum_to_one_and_fall() => Gen.Select(Rows, Filters).Sample((logits, options) =>
    {
        var distribution = new TokenDistribution();
        distribution.Compute([.. logits.Select(l => (double)l)], options);
        double[] probabilities = [.. Enumerable.Range(0, distribution.Count).Select(distribution.Probability)];
        Assert.Equal(1, probabilities.Sum(), 1e-9);
        Assert.Equal(probabilities.OrderDescending(), probabilities);
    }, iter: 500);

    [Theory]
    [InlineData(new[] { float.NaN, 1f, float.NaN, 2f })]
    [InlineData(new[] { float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, 0f })]
    [InlineData(new[] { 0f, 1f, 2f, float.PositiveInfinity })]
    public void Logits_that_are_no_numbers_are_never_drawn(float[] logits)
    {
        var distribution = new TokenDistribution();
        for (int position = 0; position < 40; position++)
            Assert.Contains(new TokenSampler(new SamplingOptions(), 1, 0, []).Draw(logits, position, distribution), new[] { 1, 3 });
        Assert.Equal(3, new TokenSampler(new SamplingOptions { Temperature = 0 }, 1, 0, []).Draw(logits, 0, distribution));
    }

    [Fact]
    public void Logits_without_any_number_still_give_a_token()
    {
        float[] logits = [float.NaN, float.NaN, float.NaN];
        foreach (var options in new SamplingOptions[] { new(), new() { TopK = 2 }, new() { TopP = 0.5f }, new() { Temperature = 0 } })
            Assert.InRange(new TokenSampler(options, 1, 0, []).Draw(logits, 0, new TokenDistribution()), 0, 2);
    }

    [Fact]
    public void A_ban_holds_and_a_forced_token_is_chosen()
    {
        float[] logits = [5, 4, 3, 2];
        var options = new SamplingOptions { LogitBias = new Dictionary<int, float> { [0] = -100, [3] = 100 } };
        var sampler = new TokenSampler(options, 3, 0, []);
        Assert.False(sampler.OnDevice);
        for (int position = 0; position < 40; position++)
            Assert.Equal(3, sampler.Draw(logits, position, new TokenDistribution()));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
