using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>What is remembered between steps.</summary>
public abstract partial class BackendConformance
{
    private static readonly AttendOptions Plain = new() { Scale = 0.2f };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    [Covers(nameof(IBackend.CreateCache))]
    public void A_sequence_fed_in_chunks_is_attended_to_as_a_whole(int chunk)
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 150);
        var (whole, _) = Compute(_reference, b => attention.Run(b, Plain, [new BatchRow(150)]));
        Near(whole, Feed(Backend, attention, Plain, 150, chunk), 2e-5f);
    }

    [Fact]
    public void Forks_go_their_own_ways_from_what_they_share()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 260);
        using var trunk = Backend.CreateCache([attention.Layer]);
        Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(130, trunk)]));
        foreach (var length in new[] { 0, 1, 63, 64, 65, 100, 128, 130 })
        {
            Assert.Equal(length, trunk.LongestFork(length));
            using var fork = trunk.Fork(length);
            Assert.Equal(length, fork.Length);
            // The fork goes on with other tokens than the trunk did; the trunk must not notice.
            Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(90, fork)], first: 150));
            Assert.Equal(length + 90, fork.Length);

            using var again = trunk.Fork(130);
            using var expected = _reference.CreateCache([attention.Layer]);
            Compute(_reference, b => attention.Run(b, Plain, [new BatchRow(130, expected)]));
            var (theirs, _) = Compute(_reference, b => attention.Run(b, Plain, [new BatchRow(5, expected)], first: 200));
            var (ours, _) = Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(5, again)], first: 200));
            Near(theirs, ours, 2e-5f);
        }

        Assert.Equal(130, trunk.Length);
        Assert.Equal(130, trunk.LongestFork(500));
        Assert.Throws<ArgumentOutOfRangeException>(() => trunk.Fork(131));
        Assert.Throws<ArgumentOutOfRangeException>(() => trunk.Fork(-1));
    }

    [Fact]
    public void A_truncated_sequence_goes_on_as_if_it_had_never_been_longer()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 260);
        foreach (var length in new[] { 0, 1, 64, 100 })
        {
            using var cache = Backend.CreateCache([attention.Layer]);
            Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(130, cache)]));
            cache.Checkpoint();
            Assert.False(cache.Truncate(131));
            Assert.True(cache.Truncate(length));
            Assert.Equal(length, cache.Length);
            var (ours, _) = Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(20, cache)], first: length));

            using var expected = _reference.CreateCache([attention.Layer]);
            var (theirs, shape) = Compute(_reference, b => attention.Run(b, Plain, [new BatchRow(length + 20, expected)]));
            Near(theirs.AsSpan(length * shape[1] * shape[2]), ours, 2e-5f);
        }
    }

    [Fact]
    public void A_step_that_is_not_completed_leaves_no_trace()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 100);
        using var cache = Backend.CreateCache([attention.Layer]);
        Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(30, cache)]));
        using (var scope = Backend.Scope())
        using (var failed = Backend.Begin([new BatchRow(50, cache)], new int[50]))
            Assert.Equal(30, cache.Length);

        Assert.Equal(30, cache.Length);
        var (ours, _) = Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(10, cache)], first: 30));
        var (theirs, shape) = Compute(_reference, b => attention.Run(b, Plain, [new BatchRow(40)]));
        Near(theirs.AsSpan(30 * shape[1] * shape[2]), ours, 2e-5f);
    }

    [Fact]
    public void A_layer_can_read_what_another_remembers()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 70);
        float[] Second(IBackend backend)
        {
            using var cache = backend.CreateCache([attention.Layer, attention.Layer]);
            Compute(backend, b => attention.Run(b, Plain, [new BatchRow(60, cache)], layer: 1));
            using var scope = backend.Scope();
            using var batch = backend.Begin([new BatchRow(10, cache)], new int[10]);
            return Read(backend, attention.WriteAndReadBack(backend, batch, first: 60, layer: 1));
        }

        Near(Second(_reference), Second(Backend), 2e-5f);
        using var scope = Backend.Scope();
        using var alone = Backend.Begin([new BatchRow(10)], new int[10]);
        Assert.Throws<InvalidOperationException>(() => attention.ReadBack(Backend, alone, first: 60, layer: 0));
    }

    [Fact]
    public void Caches_give_back_what_they_hold()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 130);
        Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(1)]));
        var cache = Backend.CreateCache([attention.Layer]);
        Compute(Backend, b => attention.Run(b, Plain, [new BatchRow(130, cache)]));
        var (taken, active) = (cache.ProportionalBytes, Backend.ActiveBytes);
        Assert.True(taken >= 130 * 2 * (24 + 16) * sizeof(float));

        var fork = cache.Fork(130);
        Assert.InRange(cache.ProportionalBytes + fork.ProportionalBytes, taken, 2 * taken);
        fork.Dispose();
        Assert.Equal(taken, cache.ProportionalBytes);
        cache.Dispose();
        if (active > 0)
            Assert.Equal(active - (long)taken, Backend.ActiveBytes);
    }

    /// <summary>Feeds a new cache step by step and returns all outputs, one after the other.</summary>
    private static float[] Feed(IBackend backend, Attention attention, AttendOptions options, int tokens, int chunk)
    {
        using var cache = backend.CreateCache([attention.Layer]);
        var outputs = new List<float>();
        while (cache.Length < tokens)
        {
            var first = cache.Length;
            outputs.AddRange(Compute(backend, b => attention.Run(b, options, [new BatchRow(Math.Min(chunk, tokens - first), cache)], first)).Numbers);
        }

        return [.. outputs];
    }
}
