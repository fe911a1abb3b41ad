using static Impetus.MenuBar.Menu.MenuCommand;

namespace Impetus.MenuBar.Menu;

/// <summary>The installed models: which one answers, which ones could, and why others cannot.</summary>
internal static class ModelSection
{
    public static IEnumerable<MenuEntry> Build(AppState state, Strings strings)
    {
        if (state.Models.Count == 0)
        {
            yield return new MenuItem("models", strings.NoModel) { Symbol = "cpu" };
            yield break;
        }

        var answering = state.Models.FirstOrDefault(model => model.Activity is ModelActivity.Ready);
        yield return new MenuItem("models", answering is null ? strings.Model : $"{strings.Model}: {answering.Name}")
        {
            Symbol = "cpu",
            Children =
            [
                .. state.Models.Select(model => Item(model, state, strings)),
                .. state.Server is ServerState.Running && answering is not null
                    ? [new MenuSeparator(), new MenuItem("model.unload", strings.UnloadModel) { ToolTip = strings.UnloadModelToolTip, Command = new UnloadModel() }]
                    : Array.Empty<MenuEntry>(),
            ],
        };
    }

    private static MenuItem Item(ModelState model, AppState state, Strings strings)
    {
        bool settled = state.Server is ServerState.Stopped or ServerState.Running or ServerState.Failed;
        bool eligible = model.Activity is ModelActivity.Idle or ModelActivity.Failed;
        return new($"model.{model.Id}", Title(model, strings))
        {
            Checked = model.Activity is ModelActivity.Ready,
            Command = settled && eligible && model.Fit.Fits ? new SwitchModel(model.Id) : null,
            ToolTip = !model.Fit.Fits ? strings.DoesNotFit(model.Fit) : model.Activity is ModelActivity.Failed failed ? failed.Reason : model.Id,
            AccessibilityLabel = model.Fit.Fits ? null : strings.DoesNotFitLabel(model.Name),
        };
    }

    private static string Title(ModelState model, Strings strings) => model.Activity switch
    {
        ModelActivity.Loading loading => strings.Loading(model.Name, loading.Progress),
        ModelActivity.Failed => strings.ModelFailed(model.Name),
        _ => strings.ModelAndSize(model.Name, model.SizeBytes),
    };
}
