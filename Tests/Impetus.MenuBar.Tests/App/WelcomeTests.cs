using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.App;

public sealed class WelcomeTests
{
    private const long GB = 1_000_000_000;
    private readonly List<MenuCommand> _performed = [];
    private readonly Welcome _welcome;
    private readonly AppState _state = new()
    {
        Models =
        [
            new("org/large", 18 * GB, new(24 * GB, 12 * GB), new ModelActivity.Idle()),
            new("org/small", GB, new(GB, 12 * GB), new ModelActivity.Ready()) { Chosen = true },
            // A request has named it.
            new("org/other", GB, new(GB, 12 * GB), new ModelActivity.Ready()),
        ],
    };

    public WelcomeTests() => _welcome = new(() => _state, "/data", new Strings(new CultureInfo("en")), command =>
    {
        _performed.Add(command);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task It_tells_what_this_is_where_data_lives_and_ends_with_a_question()
    {
        Assert.NotNull(_welcome.Current.Skip);
        await _welcome.NextAsync();
        Assert.Contains("/data", _welcome.Current.Text, StringComparison.Ordinal);
        await _welcome.NextAsync();
        await _welcome.NextAsync();
        string question = Assert.IsType<string>(_welcome.Current.Question);
        await _welcome.NextAsync();
        Assert.True(_welcome.IsOver);
        Assert.Equal([new MenuCommand.AskQuestion(question)], _performed);
    }

    [Fact]
    public async Task A_model_that_fits_can_be_chosen_and_the_one_that_answers_is()
    {
        await _welcome.NextAsync();
        await _welcome.NextAsync();
        Assert.Equal([false, true, true], _welcome.Current.Choices.Select(choice => choice.Fits));
        Assert.Equal([false, true, false], _welcome.Current.Choices.Select(choice => choice.Chosen));
        Assert.Contains("24 GB", _welcome.Current.Choices[0].Why, StringComparison.Ordinal);
        _welcome.Choose("org/large");
        Assert.True(_welcome.Current.Choices[1].Chosen);
        _welcome.Choose("org/other");
        Assert.True(_welcome.Current.Choices[2].Chosen);
        await _welcome.NextAsync();
        Assert.Equal([new MenuCommand.SwitchModel("org/other")], _performed);
    }

    [Fact]
    public async Task A_model_that_answers_already_is_not_loaded_anew()
    {
        await _welcome.NextAsync();
        await _welcome.NextAsync();
        _welcome.Choose("org/small");
        await _welcome.NextAsync();
        Assert.Empty(_performed);
    }

    [Fact]
    public void It_can_be_left_at_any_time_and_does_nothing_then()
    {
        _welcome.Skip();
        Assert.True(_welcome.IsOver);
        Assert.Empty(_performed);
    }
}
