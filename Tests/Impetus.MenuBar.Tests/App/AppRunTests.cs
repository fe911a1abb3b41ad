using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Hosting;
using NSubstitute;

namespace Impetus.MenuBar.Tests.App;

public sealed class AppRunTests : IDisposable
{
    private readonly TemporaryData _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task One_app_runs_on_a_folder_and_another_after_it()
    {
        bool? crashed = null;
        await using (AppRun.Begin(_home.Data, (preferences, c) => Compose(preferences, crashed = c)))
        {
            Assert.False(crashed);
            Assert.Contains("running already", Assert.Throws<SettingsException>(() => AppRun.Begin(_home.Data, Compose)).Message, StringComparison.Ordinal);
        }

        await using (AppRun.Begin(_home.Data, (preferences, c) => Compose(preferences, crashed = c)))
            Assert.False(crashed);
    }

    [Fact]
    public async Task Preferences_that_someone_else_holds_are_said_and_the_folder_is_free_again()
    {
        using (PreferencesStore.Open(_home.Data))
            Assert.Throws<SettingsException>(() => AppRun.Begin(_home.Data, Compose));
        await using var run = AppRun.Begin(_home.Data, Compose);
        Assert.IsType<ServerState.Stopped>(run.Controller.State.Server);
    }

    private AppParts Compose(PreferencesStore preferences, bool? lastRunCrashed) => new()
    {
        Data = _home.Data,
        Strings = new Strings(new CultureInfo("en")),
        Preferences = preferences,
        Host = Substitute.For<IServerHost>(),
        Platform = Substitute.For<IPlatform>(),
        Keychain = Substitute.For<IKeychain>(),
        Notifications = Substitute.For<INotifications>(),
        Conditions = Substitute.For<IConditions>(),
        Machine = new(8, 16L << 30),
        LastRunCrashed = lastRunCrashed ?? false,
    };

    private AppParts Compose(PreferencesStore preferences, bool lastRunCrashed) => Compose(preferences, (bool?)lastRunCrashed);
}
