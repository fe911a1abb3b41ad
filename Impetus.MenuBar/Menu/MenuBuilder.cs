using static Impetus.MenuBar.Menu.MenuCommand;

namespace Impetus.MenuBar.Menu;

/// <summary>The state of the app in, what is shown out. Pure: the same state gives the same menu.</summary>
internal static class MenuBuilder
{
    /// <summary>Makes the whole view.</summary>
    public static MenuView Build(AppState state, Strings strings) => new(StatusLine.Icon(state, strings), Join(
        Notices(state, strings),
        ServerSection.Build(state, strings),
        ServerSection.Connections(state, strings),
        [
            .. ModelSection.Build(state, strings),
            PerformanceSection.Build(state, strings),
            .. LibrarySection.Build(state, strings),
            .. ActivitySection.Build(state, strings),
        ],
        Tools(state, strings),
        [new MenuItem("quit", strings.Quit) { Key = 'q', Command = new Quit() }]));

    private static IEnumerable<MenuEntry> Notices(AppState state, Strings strings)
    {
        if (state.Services.HasFlag(Services.Welcome) && state.FirstRun)
            yield return new MenuItem("welcome", strings.Welcome) { Symbol = "sparkles", Command = new ShowWelcome() };

        if (state.LastRunCrashed)
        {
            yield return new MenuItem("crash", strings.Crashed)
            {
                Symbol = "exclamationmark.triangle",
                Children =
                [
                    new MenuItem("crash.log", strings.ShowLog) { Command = new ShowLog() },
                    new MenuItem("crash.dismiss", strings.Acknowledge) { Command = new AcknowledgeCrash() },
                ],
            };
        }

        foreach (var failure in ModelSection.Failures(state, strings))
            yield return failure;

        if (state.Library?.Fault is { } fault)
            yield return new MenuItem("library.fault", strings.LibraryUnusable) { Symbol = "exclamationmark.triangle", ToolTip = fault };

        if (state.Update is { } version)
            yield return new MenuItem("update", strings.UpdateAvailable(version)) { Symbol = "arrow.down.circle", Command = new DownloadUpdate() };

        if (state.LowMemory)
            yield return new MenuItem("memory", strings.LowMemory) { Symbol = "memorychip", ToolTip = strings.LowMemoryToolTip };
    }

    private static IEnumerable<MenuEntry> Tools(AppState state, Strings strings)
    {
        foreach (var entry in BenchmarkSection.Build(state, strings))
            yield return entry;
        yield return new MenuItem("log", strings.ShowLog) { Key = 'l', Command = new ShowLog() };
        yield return new MenuItem("data", strings.OpenDataFolder) { Command = new OpenDataFolder() };
        if (state.Services.HasFlag(Services.Welcome) && !state.FirstRun)
            yield return new MenuItem("welcome", strings.Welcome) { Command = new ShowWelcome() };
        if (state.Services.HasFlag(Services.Updates) && state.Update is null)
            yield return new MenuItem("update.look", strings.LookForUpdatesNow) { Command = new LookForUpdates() };
        if (state.Services.HasFlag(Services.Preferences))
            yield return new MenuItem("preferences", strings.Preferences) { Key = ',', Command = new ShowPreferences() };
        yield return new MenuItem("about", strings.About) { Command = new ShowAbout() };
    }

    /// <summary>Groups with a separator between those that are not empty.</summary>
    private static List<MenuEntry> Join(params IEnumerable<MenuEntry>[] groups)
    {
        var entries = new List<MenuEntry>();
        foreach (var group in groups)
        {
            var items = group.ToList();
            if (items.Count > 0 && entries.Count > 0)
                entries.Add(new MenuSeparator());
            entries.AddRange(items);
        }

        return entries;
    }
}
