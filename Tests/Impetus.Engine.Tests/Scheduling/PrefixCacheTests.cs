using CsCheck;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Scheduling;

public sealed class PrefixCacheTests : IDisposable
{
    private readonly ToyBackend _backend = new();
    private readonly PrefixCache _cache = new();

    [Fact]
    public void The_longest_common_prefix_is_found()
    {
        Insert([1, 2, 3, 4]);
        Insert([1, 2, 9]);
        Insert([5]);
        Assert.Equal(3, Find([1, 2, 3, 7, 7]));
        Assert.Equal(2, Find([1, 2, 0]));
        Assert.Equal(1, Find([5, 1]));
        Assert.Equal(0, Find([4, 1]));
        Assert.Equal(2, _cache.Find([1, 2, 3, 4], limit: 2).Length);
    }

    [Fact]
    public void The_least_recently_used_memory_goes_first()
    {
        Insert([1, 1, 1]);
        Insert([2, 2, 2]);
        Insert([3, 3, 3]);
        Find([1, 1]);
        _cache.Trim(() => 2 * 3 * ToyBackend.BytesPerToken);
        Assert.Equal(0, Find([2, 2]));
        Assert.Equal(2, Find([1, 1]));
        Assert.Equal(2, Find([3, 3]));
        Assert.Equal(2, _backend.LiveCaches);
    }

    [Fact]
    public void A_memory_that_another_continues_is_not_kept_twice()
    {
        Insert([1, 2, 3]);
        Insert([1, 2, 3, 4, 5]);
        Insert([1, 2]);
        Assert.Equal((1, 1), (_cache.Count, _backend.LiveCaches));
        Assert.Equal(5, Find([1, 2, 3, 4, 5, 6]));
    }

    [Fact]
    public void A_memory_that_cannot_be_forked_where_it_is_alike_leaves_the_search_to_others()
    {
        Insert([1, 2, 3]);
        Insert([1, 2, 3, 4, 4], onlyFork: 5);
        Insert([1, 2, 3, 4, 6], onlyFork: 5);
        Assert.Equal(3, Find([1, 2, 3, 4, 5]));
        Assert.Equal(5, Find([1, 2, 3, 4, 4, 9]));
        Assert.Equal(3, _cache.Count);
    }

    [Fact]
    public void Forks_count_what_they_share_once()
    {
        var trunk = Insert([1, 2, 3, 4]);
        var fork = (ToyCache)trunk.Cache.Fork(3);
        fork.Append([9, 9]);
        _cache.Insert([1, 2, 3, 9, 9], new SequenceMemory(fork));
        Assert.Equal(6 * ToyBackend.BytesPerToken, _cache.Bytes);
        Assert.Equal(6, _backend.LiveTokens);
    }

    [Fact]
    public void Any_history_finds_what_a_plain_search_finds_and_frees_all_in_the_end() => Gen.Int[0, 2].Array[1, 8].Array[1, 30]
        .Sample(histories =>
        {
            var backend = new ToyBackend();
            var cache = new PrefixCache();
            var kept = new List<int[]>();
            foreach (int[] tokens in histories)
            {
                int expected = kept.Select(other => tokens.AsSpan().CommonPrefixLength(other)).DefaultIfEmpty().Max();
                var (memory, length) = cache.Find(tokens, tokens.Length);
                Assert.Equal(expected, length);
                var toy = (ToyCache)(memory?.Cache.Fork(length) ?? ((IBackend)backend).CreateCache([]));
                toy.Append(tokens[length..]);
                cache.Insert(tokens, new SequenceMemory(toy));
                kept.Add(tokens);
                Assert.Equal(cache.Bytes, (long)backend.LiveTokens * ToyBackend.BytesPerToken);
            }

            long half = cache.Bytes / 2;
            cache.Trim(() => half);
            Assert.Equal(cache.Bytes, (long)backend.LiveTokens * ToyBackend.BytesPerToken);
            Assert.InRange(cache.Bytes, 0, half);
            cache.Clear();
            Assert.Equal((0, 0), (backend.LiveCaches, backend.LiveTokens));
        }, iter: 500);

    public void Dispose() => _backend.Dispose();

    private int Find(int[] tokens) => _cache.Find(tokens, tokens.Length).Length;

    private SequenceMemory Insert(int[] tokens, int? onlyFork = null)
    {
        var cache = (ToyCache)((IBackend)_backend).CreateCache([]);
        cache.OnlyFork = onlyFork;
        cache.Append(tokens);
        var memory = new SequenceMemory(cache);
        _cache.Insert(tokens, memory);
        return memory;
    }
}
