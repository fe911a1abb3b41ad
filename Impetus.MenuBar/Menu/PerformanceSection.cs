using static Impetus.MenuBar.Menu.MenuCommand;

namespace Impetus.MenuBar.Menu;

/// <summary>How much of the machine Impetus takes, and what holds it back.</summary>
internal static class PerformanceSection
{
    public static MenuItem Build(AppState state, Strings strings) => new("mode", $"{strings.Performance}: {strings.ModeName(state.Mode)}")
    {
        Symbol = "speedometer",
        Children =
        [
            .. Enum.GetValues<PerformanceMode>().Select(mode => new MenuItem($"mode.{mode}", strings.ModeName(mode))
            {
                Checked = mode == state.Mode,
                ToolTip = strings.ModeToolTip(mode),
                Command = new SetMode(mode),
            }),
            .. Restraint(state, strings),
        ],
    };

    private static IEnumerable<MenuEntry> Restraint(AppState state, Strings strings)
    {
        if (state.Restraint is not { } restraint)
            yield break;
        yield return new MenuSeparator();
        yield return new MenuItem("mode.restraint", strings.Restrained(restraint));
    }
}
