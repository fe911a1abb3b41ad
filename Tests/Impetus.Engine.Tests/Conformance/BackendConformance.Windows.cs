using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Layers with a window: what they keep, and where they can be forked and cut.</summary>
public abstract partial class BackendConformance
{
    /// <summary>Whether layers with a window keep only what their queries still see.</summary>
    protected virtual bool ForgetsBehindWindows => true;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(8, 7)]
    [InlineData(8, 64)]
    [InlineData(70, 33)]
    [InlineData(130, 300)]
    [InlineData(1000, 64)]
    public void A_window_is_all_that_a_layer_keeps_and_all_that_it_needs(int window, int chunk)
    {
        const int Tokens = 900;
        var attention = new Attention(_data, 2, 1, 16, 32, Tokens);
        var options = Plain with { Left = window - 1 };
        var (whole, _) = Compute(_reference, b => attention.Run(b, options, [new BatchRow(Tokens)]));
        var state = attention.Layer with { Window = window };
        using var cache = Backend.CreateCache([state]);
        var outputs = new List<float>();
        // Half of what may be kept is for a checkpoint.
        int most = state.MostKept(chunk) / 2;
        while (cache.Length < Tokens)
        {
            Feed(Backend, attention, options, cache, Math.Min(Tokens, cache.Length + chunk), outputs, chunk);
            if (ForgetsBehindWindows)
                Assert.InRange(cache.ProportionalBytes, 1, (long)most * state.Width * sizeof(float));
            if (cache.Length < 450 || cache.Length >= 450 + chunk)
                continue;
            cache.Checkpoint();
            most = state.MostKept(chunk);
        }

        Near(whole, outputs.ToArray(), 2e-5f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public void A_full_window_forks_near_its_end_and_near_its_checkpoint_and_says_so(int window)
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 1000);
        var options = Plain with { Left = window - 1 };
        // A layer without a window beside it forks where it can.
        var layers = new[] { attention.Layer, attention.Layer with { Window = window } };
        using var trunk = Backend.CreateCache(layers);
        Feed(Backend, attention, options, trunk, 100, layer: 1);
        trunk.Checkpoint();
        Feed(Backend, attention, options, trunk, 330, layer: 1);
        trunk.Checkpoint();
        Feed(Backend, attention, options, trunk, 900, chunk: 45, layer: 1);

        foreach (int length in new[] { 0, 1, 100, 266, 300, 329, 330, 331, 600, 836, 870, 899, 900 })
        {
            int longest = trunk.LongestFork(length);
            Assert.InRange(longest, length is >= 836 or 329 or 330 ? length : length > 330 ? 330 : 0, length);
            if (longest < length)
                Assert.Throws<ArgumentOutOfRangeException>(() => trunk.Fork(length));
            using var fork = trunk.Fork(longest);
            Assert.Equal(longest, fork.LongestFork(longest));
            // The fork goes on with other tokens than the trunk did; the trunk must not notice.
            SameAfter(attention, options, layers, fork, longest, count: 90, first: 37);
            Assert.True(fork.Truncate(longest + 60));
        }

        Assert.Equal(900, trunk.LongestFork(5000));
        SameAfter(attention, options, layers, trunk, 900, count: 20, first: 500);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    public void A_full_window_takes_its_last_tokens_back_and_no_more_than_it_can(int window)
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 1000);
        var options = Plain with { Left = window - 1 };
        var layers = new[] { attention.Layer with { Window = window } };
        foreach (int length in new[] { 899, 870, 836, 700, 450, 449, 300, 64, 0 })
        {
            using var cache = Backend.CreateCache(layers);
            Feed(Backend, attention, options, cache, 450);
            cache.Checkpoint();
            Feed(Backend, attention, options, cache, 900, chunk: 45);
            bool taken = cache.Truncate(length);
            Assert.True(taken || length is > 0 and < 900 - LayerState.TakeBack);
            Assert.Equal(taken ? length : 900, cache.Length);
            Assert.InRange(cache.LongestFork(450), 0, Math.Min(450, cache.Length));
            SameAfter(attention, options, layers, cache, cache.Length, count: 50, first: 200);
            using var fork = cache.Fork(cache.LongestFork(Math.Min(450, length)));
            SameAfter(attention, options, layers, fork, fork.Length, count: 50, first: 300);
        }
    }

    [Fact]
    public void A_failed_step_leaves_a_window_as_it_was()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 800);
        var options = Plain with { Left = 7 };
        var layers = new[] { attention.Layer with { Window = 8 } };
        using var cache = Backend.CreateCache(layers);
        Feed(Backend, attention, options, cache, 400);
        using (var scope = Backend.Scope())
        using (var failed = Backend.Begin([new BatchRow(300, cache)], new int[300]))
            Read(Backend, attention.Write(Backend, options, failed, first: 400));

        Assert.Equal((400, 400, 340), (cache.Length, cache.LongestFork(400), cache.LongestFork(340)));
        SameAfter(attention, options, layers, cache, 400, count: 20, first: 100);
    }

    [Fact]
    public void Queries_that_see_more_than_a_layer_keeps_are_refused()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 10);
        using var cache = Backend.CreateCache([attention.Layer with { Window = 8 }]);
        foreach (var options in new[] { Plain, Plain with { Left = 8 } })
        {
            var error = Assert.Throws<ArgumentException>(() => Compute(Backend, b => attention.Run(b, options, [new BatchRow(10, cache)])));
            Assert.Contains("window of 8", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Windows_their_checkpoints_and_forks_give_everything_back()
    {
        var attention = new Attention(_data, 4, 2, 24, 16, 700);
        var options = Plain with { Left = 7 };
        LayerState[] layers = [attention.Layer with { Window = 8 }];
        // What steps of this size compute with is kept for later.
        using (var other = Backend.CreateCache(layers))
            Feed(Backend, attention, options, other, 200);
        long before = Backend.ActiveBytes;
        var cache = Backend.CreateCache(layers);
        Feed(Backend, attention, options, cache, 300);
        cache.Checkpoint();
        Feed(Backend, attention, options, cache, 700);
        SequenceCache early = cache.Fork(300), late = cache.Fork(690);
        double all = cache.ProportionalBytes + early.ProportionalBytes + late.ProportionalBytes;
        if (before > 0)
            Assert.Equal(all, Backend.ActiveBytes - before, 1.0);

        cache.Dispose();
        early.Dispose();
        Assert.InRange(late.ProportionalBytes, 1, all);
        late.Dispose();
        Assert.Equal(before, Backend.ActiveBytes);
    }

    /// <summary>Goes on in the last layer with tokens from <paramref name="first"/> on, and compares with a whole sequence that did the same.</summary>
    private void SameAfter(
        Attention attention, AttendOptions options, LayerState[] layers, SequenceCache cache, int length, int count, int first)
    {
        int layer = layers.Length - 1;
        using var expected = _reference.CreateCache(layers);
        if (length > 0)
            Feed(_reference, attention, options, expected, length, chunk: length, layer: layer);
        var (theirs, _) = Compute(_reference, b => attention.Run(b, options, [new BatchRow(count, expected)], first, layer));
        var (ours, _) = Compute(Backend, b => attention.Run(b, options, [new BatchRow(count, cache)], first, layer));
        Near(theirs, ours, 2e-5f);
    }

    /// <summary>Feeds a cache up to a length.</summary>
    private static void Feed(
        IBackend backend, Attention attention, AttendOptions options, SequenceCache cache, int end, List<float>? outputs = null, int chunk = 100, int layer = 0)
    {
        while (cache.Length < end)
        {
            int first = cache.Length, count = Math.Min(chunk, end - first);
            var (numbers, _) = Compute(backend, b => attention.Run(b, options, [new BatchRow(count, cache)], first, layer));
            outputs?.AddRange(numbers);
        }
    }
}
