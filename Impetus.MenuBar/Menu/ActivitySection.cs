namespace Impetus.MenuBar.Menu;

/// <summary>What the server does just now: speed, requests, and who holds how much memory.</summary>
internal static class ActivitySection
{
    public static IEnumerable<MenuEntry> Build(AppState state, Strings strings)
    {
        if (state.Figures is not { } figures)
            yield break;
        yield return new MenuItem("activity", strings.Statistics)
        {
            Symbol = "chart.bar",
            Children =
            [
                new MenuItem("activity.speed", strings.Speed(figures.TokensPerSecond)),
                new MenuItem("activity.requests", strings.Requests(figures.ActiveRequests)),
                .. Documents(state, strings),
                new MenuItem("activity.uptime", strings.Uptime(figures.Uptime)),
                new MenuSeparator(),
                .. Memory(figures, strings),
            ],
        };
    }

    private static IEnumerable<MenuEntry> Documents(AppState state, Strings strings)
    {
        if (state.Library is { } library)
            yield return new MenuItem("activity.documents", strings.Documents(library.Documents));
    }

    // What holds nothing is not named.
    private static IEnumerable<MenuEntry> Memory(LiveFigures figures, Strings strings)
    {
        var memory = figures.Memory;
        yield return new MenuItem("activity.memory", strings.Memory(memory.Used, memory.Limit));
        foreach (var model in figures.Models)
            yield return new MenuItem($"activity.model.{model.Id}", strings.MemoryOf(ModelState.NameOf(model.Id), model.Bytes, model.Requests));
        if (memory.Kept > 0)
            yield return new MenuItem("activity.kept", strings.MemoryOf(strings.KeptPrompts, memory.Kept));
        if (memory.Working > 0)
            yield return new MenuItem("activity.working", strings.MemoryOf(strings.RunningAnswers, memory.Working));
        if (memory.Other > 0)
            yield return new MenuItem("activity.other", strings.MemoryOf(strings.EverythingElse, memory.Other));
    }
}
