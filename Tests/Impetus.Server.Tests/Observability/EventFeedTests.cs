using Impetus.Server.Observability;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Observability;

public sealed class EventFeedTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly EventFeed _feed = new(TimeProvider.System);

    [Fact]
    public async Task A_follower_hears_a_heartbeat_first_and_then_what_happens_in_order()
    {
        _feed.Publish(new ModelEvent("a/before", "loaded"));
        await using var follower = Follow(null);
        Assert.Equal("heartbeat", (await NextAsync(follower)).Kind);
        _feed.Publish(new ModelEvent("a/one", "loading"));
        _feed.Publish(new MemoryEvent(1, 2, "normal"));
        Assert.Equal("a/one", (await NextAsync(follower)).Model?.Id);
        Assert.Equal(2, (await NextAsync(follower)).Memory?.LimitBytes);
    }

    [Fact]
    public async Task Who_comes_back_with_an_id_hears_what_was_missed()
    {
        _feed.Publish(new ModelEvent("a/one", "loaded"));
        string heard = _feed.LastId;
        _feed.Publish(new ModelEvent("a/two", "loaded"));
        _feed.Publish(new ModelEvent("a/three", "loaded"));
        Assert.Equal(["heartbeat", "a/two", "a/three"], await NamesAsync(heard, 3));
    }

    [Fact]
    public async Task The_id_of_a_heartbeat_is_as_good_as_that_of_an_event()
    {
        await using var follower = Follow(null);
        string heard = (await NextAsync(follower)).Id;
        _feed.Publish(new ModelEvent("a/one", "loaded"));
        Assert.Equal(["heartbeat", "a/one"], await NamesAsync(heard, 2));
    }

    [Fact]
    public async Task Who_comes_back_too_late_is_told_how_many_events_are_lost()
    {
        string heard = _feed.LastId;
        for (int i = 0; i < EventFeed.Capacity + 3; i++)
            _feed.Publish(new ModelEvent($"a/{i}", "loaded"));
        await using var follower = Follow(heard);
        Assert.Equal("heartbeat", (await NextAsync(follower)).Kind);
        Assert.Equal(3, (await NextAsync(follower)).Gap?.Missed);
        for (int i = 3; i < EventFeed.Capacity + 3; i++)
            Assert.Equal($"a/{i}", (await NextAsync(follower)).Model?.Id);
    }

    [Fact]
    public async Task A_follower_that_is_slower_than_the_feed_is_told_of_the_gap()
    {
        await using var follower = Follow(null);
        await NextAsync(follower);
        for (int i = 0; i < EventFeed.Capacity + 5; i++)
            _feed.Publish(new ModelEvent($"a/{i}", "loaded"));
        Assert.Equal(5, (await NextAsync(follower)).Gap?.Missed);
        Assert.Equal("a/5", (await NextAsync(follower)).Model?.Id);
    }

    [Theory]
    [InlineData("0123abcd-7")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task An_id_of_another_run_is_told_to_be_one_and_all_of_this_run_follows(string id)
    {
        _feed.Publish(new ModelEvent("a/one", "loaded"));
        Assert.Equal(["gap", "heartbeat", "a/one"], await NamesAsync(id, 3));
    }

    [Fact]
    public async Task An_id_that_was_not_given_yet_is_none()
    {
        string ahead = _feed.LastId.Split('-')[0] + "-99";
        Assert.Equal(["gap", "heartbeat"], await NamesAsync(ahead, 2));
    }

    [Fact]
    public async Task Silence_is_broken_by_heartbeats()
    {
        var clock = new HandClock();
        var feed = new EventFeed(clock);
        await using var follower = feed.FollowAsync(null, TimeSpan.FromSeconds(15)).GetAsyncEnumerator();
        await NextAsync(follower);
        var next = NextAsync(follower);
        await clock.PassAsync();
        Assert.Equal("heartbeat", (await next).Kind);
    }

    [Fact]
    public async Task Following_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var follower = _feed.FollowAsync(null, Never, cancel.Token).GetAsyncEnumerator(cancel.Token);
        await NextAsync(follower);
        var next = NextAsync(follower);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private IAsyncEnumerator<ServerEvent> Follow(string? after) => _feed.FollowAsync(after, Never).GetAsyncEnumerator();

    private async Task<List<string>> NamesAsync(string? after, int count) =>
        await _feed.FollowAsync(after, Never).Take(count).Select(happened => happened.Model?.Id ?? happened.Kind).ToListAsync();

    private static async Task<ServerEvent> NextAsync(IAsyncEnumerator<ServerEvent> follower)
    {
        Assert.True(await follower.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        return follower.Current;
    }
}
