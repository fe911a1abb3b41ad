using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>One run of the app, from its lock to its last word. Whoever shows the app supplies the platform and nothing else.</summary>
internal sealed class AppRun : IAsyncDisposable
{
    private readonly RunMarker _marker;
    private readonly PreferencesStore _preferences;

    private AppRun(RunMarker marker, PreferencesStore preferences, AppController controller) =>
        (_marker, _preferences, Controller) = (marker, preferences, controller);

    public AppController Controller { get; }

    /// <summary>Begins a run.</summary>
    /// <param name="data">Where it keeps what it must remember.</param>
    /// <param name="compose">Makes the parts.</param>
    /// <exception cref="SettingsException">The app cannot run: another one does, or its data is of a newer version. The message is for people.</exception>
    public static AppRun Begin(DataDirectory data, Func<PreferencesStore, bool, AppParts> compose)
    {
        var marker = RunMarker.TryBegin(data) ?? throw new SettingsException("Impetus is running already. Look for it in the menu bar.");
        PreferencesStore? preferences = null;
        try
        {
            preferences = PreferencesStore.Open(data);
            return new(marker, preferences, new AppController(compose(preferences, marker.LastRunCrashed)));
        }
        catch
        {
            preferences?.Dispose();
            marker.Dispose();
            throw;
        }
    }

    /// <summary>Ends it in order: the server after its requests, then what was remembered, then the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        await Controller.DisposeAsync();
        _preferences.Dispose();
        _marker.Dispose();
    }
}
