using System.Globalization;
using System.Reflection;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>What holds in every state.</summary>
public sealed class MenuRuleTests
{
    private static readonly Strings English = new(new CultureInfo("en"));

    public static TheoryData<string> Names() => [.. States.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_are_unique_and_no_key_is_given_twice(string state)
    {
        var items = All(state);
        Assert.Equal(items.Count, items.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
        var keys = items.Select(item => item.Key).OfType<char>().ToList();
        Assert.Equal(keys.Distinct(), keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_what_does_something_can_be_chosen_or_has_a_key(string state)
    {
        foreach (var item in All(state))
        {
            Assert.Equal(item.Command is not null || item.Children.Count > 0, item.Enabled);
            Assert.False(item.Command is not null && item.Children.Count > 0, $"{item.Id} is a submenu and a command.");
            Assert.True(item.Key is null || item.Command is not null, $"{item.Id} has a key and no command.");
            Assert.False(string.IsNullOrWhiteSpace(item.Title));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Separators_stand_between_groups_and_nowhere_else(string state)
    {
        var entries = MenuBuilder.Build(States.All[state], English).Entries;
        Assert.IsType<MenuItem>(entries[0]);
        Assert.IsType<MenuItem>(entries[^1]);
        for (int i = 1; i < entries.Count; i++)
            Assert.False(entries[i] is MenuSeparator && entries[i - 1] is MenuSeparator);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_can_always_quit_and_read_the_log(string state)
    {
        Assert.Contains(All(state), item => item.Command is MenuCommand.Quit);
        Assert.Contains(All(state), item => item.Command is MenuCommand.ShowLog);
    }

    [Fact]
    public void Without_its_service_an_item_is_absent()
    {
        var bare = States.All["ready-with-everything"] with { Services = Services.None, Library = null, Figures = null, Benchmark = null };
        var commands = All(bare).Select(item => item.Command).OfType<MenuCommand>().Select(command => command.GetType().Name).ToHashSet();
        foreach (string absent in new[] { "OpenDashboard", "OpenApiDocumentation", "RunBenchmark", "ShowPreferences", "ShowWelcome", "AddDocuments", "AskQuestion", "LookForUpdates" })
            Assert.DoesNotContain(absent, commands);
    }

    [Fact]
    public void Every_command_is_reached_from_some_state()
    {
        var reached = States.All.Keys.SelectMany(All).Select(item => item.Command?.GetType()).ToHashSet();
        // A form asks for this one.
        reached.Add(typeof(MenuCommand.ImportV1));
        var missing = typeof(MenuCommand).GetNestedTypes(BindingFlags.NonPublic).Where(type => !reached.Contains(type)).Select(type => type.Name);
        Assert.Empty(missing);
    }

    [Fact]
    public void A_model_that_does_not_fit_says_how_much_it_lacks_and_cannot_be_chosen()
    {
        var item = All("ready").Single(item => item.Id == "model.mlx-community/Qwen3-32B-4bit");
        Assert.False(item.Enabled);
        Assert.Equal("Needs 24 GB of memory; this Mac can give 12 GB.", item.ToolTip);
    }

    [Fact]
    public void German_differs_from_english_in_every_text_and_none_is_empty()
    {
        var german = new Strings(new CultureInfo("de-AT"));
        foreach (var property in typeof(Strings).GetProperties().Where(p => p.PropertyType == typeof(string)))
        {
            string en = (string)property.GetValue(English)!, de = (string)property.GetValue(german)!;
            Assert.False(string.IsNullOrWhiteSpace(en) || string.IsNullOrWhiteSpace(de), property.Name);
            Assert.True(en != de, $"{property.Name} is '{en}' in both languages.");
        }
    }

    private static List<MenuItem> All(string state) => All(States.All[state]);

    private static List<MenuItem> All(AppState state) => [.. Flatten(MenuBuilder.Build(state, English).Entries)];

    private static IEnumerable<MenuItem> Flatten(IEnumerable<MenuEntry> entries) =>
        entries.OfType<MenuItem>().SelectMany(item => Flatten(item.Children).Prepend(item));
}
