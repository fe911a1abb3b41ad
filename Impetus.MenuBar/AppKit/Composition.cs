using System.Globalization;
using Foundation;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.AppKit;

/// <summary>Puts the Mac's own parts where the app asks for a platform.</summary>
internal sealed class Composition(Strings strings) : IDisposable
{
    private readonly Desktop _desktop = new(strings);
    private readonly MacConditions _conditions = new();
    private readonly UserNotifications _notifications = new();
    private UpdateCheck? _updates;
    private FileGrants? _files;

    /// <summary>In the user's first language that the app speaks.</summary>
    public static Strings Strings() => new(new CultureInfo(NSLocale.PreferredLanguages.FirstOrDefault() ?? "en"));

    public AppParts Compose(PreferencesStore preferences, bool lastRunCrashed)
    {
        var data = DataDirectory.Locate(null, Environment.GetEnvironmentVariable);
        var process = NSProcessInfo.ProcessInfo;
        _files = new(new Bookmarks(), data);
        _updates = UpdateSource.Read(Info, new((int)process.OperatingSystemVersion.Major, (int)process.OperatingSystemVersion.Minor)) is { } source
            ? new(source, () => preferences.Now.CheckForUpdates, TimeProvider.System)
            : null;
        return new()
        {
            Data = data,
            Strings = strings,
            Preferences = preferences,
            Host = new ImpetusServerHost(),
            Platform = _desktop,
            Keychain = new Keychain(),
            Notifications = _notifications,
            Conditions = _conditions,
            Machine = Machine.This((long)process.PhysicalMemory),
            LastRunCrashed = lastRunCrashed,
            Files = _files,
            LoginItem = new LoginItem(),
            Updates = _updates,
            HasPreferencesWindow = true,
            HasQuestionWindow = true,
            HasWelcome = true,
        };
    }

    /// <summary>Tells the windows and notifications whose they are.</summary>
    public void Connect(AppController controller)
    {
        _desktop.Controller = controller;
        _notifications.Controller = controller;
    }

    public void Dispose()
    {
        _updates?.Dispose();
        _files?.Dispose();
        _conditions.Dispose();
    }

    private static string? Info(string key) => NSBundle.MainBundle.ObjectForInfoDictionary(key)?.ToString();
}
