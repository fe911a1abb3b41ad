using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Hosting;
using LiteDB;

namespace Impetus.MenuBar.Tests.App;

public sealed class PreferencesStoreTests : IDisposable
{
    private readonly TemporaryData _home = new();

    private string DatabasePath => Path.Combine(_home.Data.State, "preferences.db");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void What_is_chosen_is_there_the_next_time()
    {
        var chosen = new Preferences
        {
            Port = 9090,
            Model = "org/name",
            Mode = PerformanceMode.Performance,
            StartServerAtLaunch = false,
            Notifications = false,
            Welcomed = true,
        };
        using (var store = PreferencesStore.Open(_home.Data))
        {
            Assert.Equal(new Preferences(), store.Now);
            store.Change(_ => chosen);
        }

        using var again = PreferencesStore.Open(_home.Data);
        Assert.Equal(chosen, again.Now);
        Assert.Null(again.Damage);
    }

    [Fact]
    public void What_is_not_valid_is_refused_and_changes_nothing()
    {
        using var store = PreferencesStore.Open(_home.Data);
        int changes = 0;
        store.Changed += () => changes++;
        var fault = Assert.Throws<SettingsException>(() => store.Change(p => p with { Port = 70_000, Model = "../etc", Mode = (PerformanceMode)9 }));
        Assert.Contains("70000", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'../etc'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Balanced", fault.Message, StringComparison.Ordinal);
        Assert.Equal(new Preferences(), store.Now);
        store.Change(p => p);
        Assert.Equal(0, changes);
        store.Change(p => p with { Port = 81 });
        Assert.Equal(1, changes);
    }

    [Fact]
    public void A_second_process_is_kept_out()
    {
        using var store = PreferencesStore.Open(_home.Data);
        var fault = Assert.Throws<SettingsException>(() => PreferencesStore.Open(_home.Data));
        Assert.Contains("preferences.db", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_kept_beside_and_said()
    {
        Directory.CreateDirectory(_home.Data.State);
        File.WriteAllText(DatabasePath, new string('x', 20_000));
        using var store = PreferencesStore.Open(_home.Data);
        Assert.NotNull(store.Damage);
        Assert.Equal(new Preferences(), store.Now);
        Assert.StartsWith("xxxx", File.ReadAllText(DatabasePath + ".damaged"), StringComparison.Ordinal);
        store.Change(p => p with { Port = 9091 });
        Assert.Equal(9091, store.Now.Port);
    }

    [Theory]
    [InlineData("port", 0)]
    [InlineData("mode", "Turbo")]
    [InlineData("model", 5)]
    public void A_value_that_someone_spoilt_does_not_get_in(string name, object value)
    {
        Spoil(name, new BsonValue(value));
        using var store = PreferencesStore.Open(_home.Data);
        Assert.NotNull(store.Damage);
        Assert.Equal(new Preferences(), store.Now);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_left_alone()
    {
        Spoil("version", 2);
        var fault = Assert.Throws<SettingsException>(() => PreferencesStore.Open(_home.Data));
        Assert.Contains("newer", fault.Message, StringComparison.Ordinal);
        Spoil("version", 1);
        PreferencesStore.Open(_home.Data).Dispose();
    }

    [Fact]
    public void Changes_from_many_threads_are_all_made()
    {
        using var store = PreferencesStore.Open(_home.Data);
        Parallel.For(0, 64, _ => store.Change(p => p with { Port = p.Port + 1 }));
        Assert.Equal(8080 + 64, store.Now.Port);
    }

    private void Spoil(string name, BsonValue value)
    {
        if (!File.Exists(DatabasePath))
        {
            using var store = PreferencesStore.Open(_home.Data);
            store.Change(p => p with { Welcomed = true });
        }

        using var database = new LiteDatabase(DatabasePath);
        var document = database.GetCollection("preferences").FindById(1);
        document[name] = value;
        database.GetCollection("preferences").Update(document);
    }
}
