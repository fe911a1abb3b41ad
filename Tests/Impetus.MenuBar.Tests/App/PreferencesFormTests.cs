using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using NSubstitute;

namespace Impetus.MenuBar.Tests.App;

public sealed class PreferencesFormTests : IDisposable
{
    private readonly TemporaryData _home = new();
    private readonly PreferencesStore _preferences;
    private readonly ILoginItem _login = Substitute.For<ILoginItem>();
    private readonly List<MenuCommand> _performed = [];
    private readonly PreferencesForm _form;
    private int _restarts;

    public PreferencesFormTests()
    {
        _preferences = PreferencesStore.Open(_home.Data);
        var parts = new AppParts
        {
            Data = _home.Data,
            Strings = new Strings(new CultureInfo("en")),
            Preferences = _preferences,
            Host = Substitute.For<IServerHost>(),
            Platform = Substitute.For<IPlatform>(),
            Keychain = Substitute.For<IKeychain>(),
            Notifications = Substitute.For<INotifications>(),
            Conditions = Substitute.For<IConditions>(),
            Machine = new(8, 16L << 30),
            LoginItem = _login,
        };
        _form = new(
            parts,
            command =>
            {
                _performed.Add(command);
                return Task.CompletedTask;
            },
            () =>
            {
                _restarts++;
                return Task.CompletedTask;
            });
    }

    public void Dispose()
    {
        _preferences.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_port_starts_the_server_anew_and_the_same_one_does_not()
    {
        Assert.Null(await _form.ApplyAsync("port", "9090"));
        Assert.Equal((9090, 1), (_preferences.Now.Port, _restarts));
        Assert.Null(await _form.ApplyAsync("port", "9090"));
        Assert.Equal(1, _restarts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("eighty")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    public async Task A_port_that_is_none_is_refused_and_nothing_changes(string port)
    {
        Assert.Contains("8080", await _form.ApplyAsync("port", port), StringComparison.Ordinal);
        Assert.Equal((8080, 0), (_preferences.Now.Port, _restarts));
    }

    [Fact]
    public async Task Switches_take_effect_at_once()
    {
        Assert.Null(await _form.ApplyAsync("start", false));
        Assert.Null(await _form.ApplyAsync("notifications", false));
        Assert.Null(await _form.ApplyAsync("updates", true));
        Assert.Equal((false, false, true), (_preferences.Now.StartServerAtLaunch, _preferences.Now.Notifications, _preferences.Now.CheckForUpdates));
        Assert.Null(await _form.ApplyAsync("mode", (int)PerformanceMode.Efficiency));
        Assert.Null(await _form.ApplyAsync("v1", null));
        Assert.Equal([new MenuCommand.SetMode(PerformanceMode.Efficiency), new MenuCommand.ImportV1()], _performed);
        Assert.Equal(0, _restarts);
    }

    [Fact]
    public async Task The_login_item_is_the_systems()
    {
        _login.State.Returns(LoginItemState.Off);
        Assert.False(Row<FormRow.Toggle>("login").On);
        Assert.Null(await _form.ApplyAsync("login", true));
        _login.Received(1).Set(true);

        _login.State.Returns(LoginItemState.NeedsApproval);
        Assert.True(Row<FormRow.Toggle>("login").On);
        Assert.NotNull(Row<FormRow.Toggle>("login").Help);
        Assert.Null(await _form.ApplyAsync(Row<FormRow.Button>("login.allow").Id, null));
        _login.Received(1).OpenSystemSettings();

        _login.When(item => item.Set(false)).Throw(new InvalidOperationException("Operation not permitted"));
        Assert.Equal("Operation not permitted", await _form.ApplyAsync("login", false));

        _login.State.Returns(LoginItemState.Unavailable);
        Assert.DoesNotContain(_form.Rows, row => row.Id == "login");
    }

    [Fact]
    public void What_this_build_lacks_is_not_offered() => Assert.DoesNotContain(_form.Rows, row => row.Id == "updates");

    [Fact]
    public void Every_row_has_a_label_and_an_id_of_its_own()
    {
        Assert.All(_form.Rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Label)));
        Assert.Equal(_form.Rows.Count, _form.Rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(1, Row<FormRow.Choice>("mode").Selected);
    }

    private T Row<T>(string id) where T : FormRow => Assert.IsType<T>(_form.Rows.Single(row => row.Id == id));
}
