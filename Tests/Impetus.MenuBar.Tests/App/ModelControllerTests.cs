using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Management;

namespace Impetus.MenuBar.Tests.App;

public sealed class ModelControllerTests : IDisposable
{
    private readonly FakeServer _server = new() { FirstModel = "m/a" };
    private readonly ModelController _models = new();
    private readonly List<SwitchOutcome> _outcomes = [];

    public ModelControllerTests()
    {
        _models.Switched += _outcomes.Add;
        _models.Follow(_server);
    }

    public void Dispose() => _models.Dispose();

    [Fact]
    public void The_first_model_is_loading_before_the_server_has_begun_with_it()
    {
        Assert.Equal(new ModelActivity.Loading(0, 0), _models.Activity("m/a"));
        Assert.Equal(new ModelActivity.Idle(), _models.Activity("m/b"));
        _server.Set("m/a", ResidentState.Loading, model => model with { Bytes = 10, TotalBytes = 40 });
        Assert.Equal(new ModelActivity.Loading(10, 40), _models.Activity("m/a"));
        _server.Arrive();
        Assert.Equal(new ModelActivity.Ready(), _models.Activity("m/a"));
    }

    [Fact]
    public async Task A_first_model_that_never_comes_says_why_until_that_is_dismissed()
    {
        _server.Loading.SetException(new InvalidDataException("config.json is missing."));
        await UntilAsync(() => _models.Activity("m/a") is ModelActivity.Failed { Reason: "config.json is missing." });
        await _models.UnloadAsync("m/a");
        Assert.Equal(new ModelActivity.Idle(), _models.Activity("m/a"));
    }

    [Fact]
    public async Task A_model_that_others_have_named_is_told_as_any_other_and_when_it_goes()
    {
        int told = 0;
        _models.Changed += () => told++;
        _server.Set("m/b", ResidentState.Ready);
        Assert.Equal(new ModelActivity.Ready(), _models.Activity("m/b"));
        _server.Set("m/b", ResidentState.Unloading, model => model with { InFlight = 2 });
        Assert.Equal(new ModelActivity.Leaving(2), _models.Activity("m/b"));
        Assert.Equal(2, told);
        await _models.UnloadAsync("m/b");
        Assert.Equal(new ModelActivity.Idle(), _models.Activity("m/b"));
    }

    [Fact]
    public async Task The_old_model_is_gone_before_the_new_one_is_loaded_and_both_ends_are_told()
    {
        await ArriveAsync();
        _server.UnloadingModel = (id, _) => Task.FromResult(new Unloading(id, UnloadEnd.Drained));
        var seen = new List<string>();
        _models.Changed += () => seen.Add($"{Name(_models.Activity("m/a"))} {Name(_models.Activity("m/b"))} {_models.Switch}");
        await _models.SwitchAsync("m/b");
        Assert.Equal(["unload m/a", "load m/b"], _server.Log);
        const string way = "ModelSwitch { To = m/b, Back = m/a }";
        Assert.Equal(
            [$"Ready Idle {way}", $"Leaving Idle {way}", $"Idle Idle {way}", $"Idle Loading {way}", $"Idle Ready {way}", "Idle Ready "], seen);
        var outcome = Assert.Single(_outcomes);
        Assert.Equal(("m/b", true, null, null), (outcome.To, outcome.Arrived, outcome.Fault, outcome.Back));
        Assert.Equal(new Unloading("m/a", UnloadEnd.Drained), Assert.Single(outcome.Unloaded));
    }

    [Fact]
    public async Task Pinned_models_and_those_that_do_not_chat_stay()
    {
        _server.Arrive();
        _server.Set("m/pinned", ResidentState.Ready, model => model with { Pinned = true });
        _server.Set("m/encoder", ResidentState.Ready, model => model with { Kind = ModelKind.Embedding });
        await _models.SwitchAsync("m/b");
        Assert.Equal(["unload m/a", "load m/b"], _server.Log);
    }

    [Fact]
    public async Task Requests_that_take_too_long_are_cut_off_on_demand()
    {
        _server.Arrive();
        var hurried = new TaskCompletionSource();
        _server.UnloadingModel = async (id, drain) =>
        {
            if (drain == TimeSpan.Zero)
                hurried.SetResult();
            await hurried.Task;
            return new(id, UnloadEnd.Cancelled, 1);
        };
        var switching = _models.SwitchAsync("m/b");
        Assert.Equal(new ModelActivity.Leaving(1), _models.Activity("m/a"));
        Assert.False(switching.IsCompleted);
        await _models.HurryAsync();
        await switching;
        Assert.Equal(1, Assert.Single(Assert.Single(_outcomes).Unloaded).Cancelled);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_gives_way_to_the_one_before_and_says_why()
    {
        _server.Arrive();
        _server.LoadingModel = (id, _) => id == "m/b" ? throw new InvalidDataException("It is truncated.") : Task.CompletedTask;
        await _models.SwitchAsync("m/b");
        Assert.Equal(["unload m/a", "load m/b", "load m/a"], _server.Log);
        Assert.Equal(new ModelActivity.Ready(), _models.Activity("m/a"));
        Assert.Equal(new ModelActivity.Failed("It is truncated."), _models.Activity("m/b"));
        var outcome = Assert.Single(_outcomes);
        Assert.Equal((false, "It is truncated.", "m/a"), (outcome.Arrived, outcome.Fault, outcome.Back));
        Assert.Null(_models.Switch);
    }

    [Fact]
    public async Task Where_the_one_before_does_not_come_back_either_both_say_why()
    {
        _server.Arrive();
        _server.LoadingModel = (id, _) => throw new InvalidDataException($"{id} is truncated.");
        await _models.SwitchAsync("m/b");
        Assert.Equal(new ModelActivity.Failed("m/a is truncated."), _models.Activity("m/a"));
        Assert.Equal(new ModelActivity.Failed("m/b is truncated."), _models.Activity("m/b"));
        Assert.Null(Assert.Single(_outcomes).Back);
    }

    [Fact]
    public async Task A_way_that_is_given_up_leads_back()
    {
        _server.Arrive();
        _server.LoadingModel = (id, cancel) => id == "m/b" ? Task.Delay(Timeout.Infinite, cancel) : Task.CompletedTask;
        var switching = _models.SwitchAsync("m/b");
        Assert.IsType<ModelActivity.Loading>(_models.Activity("m/b"));
        _models.Cancel();
        await switching;
        Assert.Equal(new ModelActivity.Ready(), _models.Activity("m/a"));
        Assert.Equal(new ModelActivity.Idle(), _models.Activity("m/b"));
        var outcome = Assert.Single(_outcomes);
        Assert.Equal((false, null, "m/a"), (outcome.Arrived, outcome.Fault, outcome.Back));
    }

    [Fact]
    public async Task A_model_that_was_unloaded_for_want_of_use_is_not_loaded_again_by_a_failure()
    {
        _server.Arrive();
        _server.Set("m/a", ResidentState.Unloaded);
        _server.LoadingModel = (_, _) => throw new InvalidDataException("It is truncated.");
        await _models.SwitchAsync("m/b");
        Assert.Equal(["load m/b"], _server.Log);
        Assert.Equal("m/a", Assert.Single(_outcomes).Back);
    }

    [Fact]
    public async Task The_newest_wish_wins_and_those_before_say_nothing()
    {
        _server.Arrive();
        _server.LoadingModel = (id, cancel) => id == "m/b" ? Task.Delay(Timeout.Infinite, cancel) : Task.CompletedTask;
        var first = _models.SwitchAsync("m/b");
        var second = _models.SwitchAsync("m/c");
        var third = _models.SwitchAsync("m/d");
        await Task.WhenAll(first, second, third);
        Assert.Equal(["unload m/a", "load m/b", "load m/d"], _server.Log);
        Assert.Equal("m/d", Assert.Single(_outcomes).To);
        Assert.Equal(new ModelActivity.Ready(), _models.Activity("m/d"));
    }

    [Fact]
    public async Task A_failure_after_an_overtaken_wish_leads_back_to_the_one_that_answered()
    {
        _server.Arrive();
        _server.LoadingModel = (id, cancel) => id switch
        {
            "m/b" => Task.Delay(Timeout.Infinite, cancel),
            "m/c" => throw new InvalidDataException("It is truncated."),
            _ => Task.CompletedTask,
        };
        var first = _models.SwitchAsync("m/b");
        await _models.SwitchAsync("m/c");
        await first;
        Assert.Equal("m/a", Assert.Single(_outcomes).Back);
    }

    [Fact]
    public async Task A_model_in_memory_is_loaded_anew_if_that_is_wanted()
    {
        _server.Arrive();
        await _models.SwitchAsync("m/a");
        Assert.Equal(["load m/a"], _server.Log);
        await _models.SwitchAsync("m/a", anew: true);
        Assert.Equal(["load m/a", "unload m/a", "load m/a"], _server.Log);
    }

    [Fact]
    public async Task A_model_that_fails_anew_leads_nowhere_and_can_be_tried_again()
    {
        _server.Arrive();
        _server.LoadingModel = (_, _) => throw new InvalidDataException("It is truncated.");
        await _models.SwitchAsync("m/a", anew: true);
        Assert.False(Assert.Single(_outcomes).Arrived);
        Assert.IsType<ModelActivity.Failed>(_models.Activity("m/a"));
        _server.LoadingModel = (_, _) => Task.CompletedTask;
        await _models.SwitchAsync("m/a");
        Assert.Equal(new ModelActivity.Ready(), _models.Activity("m/a"));
    }

    [Fact]
    public async Task A_server_that_stops_ends_the_way_in_silence()
    {
        _server.Arrive();
        _server.LoadingModel = (_, cancel) => Task.Delay(Timeout.Infinite, cancel);
        var switching = _models.SwitchAsync("m/b");
        _models.Follow(null);
        await switching;
        Assert.Equal(["unload m/a", "load m/b"], _server.Log);
        Assert.Empty(_outcomes);
        Assert.Null(_models.Switch);
        Assert.Equal(new ModelActivity.Idle(), _models.Activity("m/b"));
        Assert.Null(await _models.UnloadAsync("m/b"));
    }

    [Fact]
    public void The_news_of_a_server_that_is_gone_is_not_heard()
    {
        _models.Follow(new FakeServer());
        _models.Changed += () => Assert.Fail("The old server was heard.");
        _server.Set("m/a", ResidentState.Ready);
    }

    // The news of the first model's arrival comes on another thread.
    private async Task ArriveAsync()
    {
        _server.Set("m/a", ResidentState.Ready);
        var told = new TaskCompletionSource();
        _models.Changed += told.SetResult;
        _server.Loading.SetResult();
        await told.Task;
        _models.Changed -= told.SetResult;
    }

    private static string Name(ModelActivity activity) => activity.GetType().Name;

    private Task UntilAsync(Func<bool> condition) => Until.TrueAsync(condition, look => _models.Changed += look, look => _models.Changed -= look);
}
