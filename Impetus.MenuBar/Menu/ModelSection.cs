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

        var answering = state.Models.FirstOrDefault(model => model is { Chosen: true, Activity: ModelActivity.Ready });
        yield return new MenuItem("models", answering is null ? strings.Model : $"{strings.Model}: {answering.Name}")
        {
            Symbol = "cpu",
            Children = [.. state.Models.Select(model => Item(model, state, strings)), .. Unloads(state, strings)],
        };
    }

    /// <summary>What can be done while another model is on its way.</summary>
    public static IEnumerable<MenuEntry> Switching(AppState state, Strings strings)
    {
        if (state.Switch is not { } way)
            yield break;
        if (state.Models.Any(model => model.Activity is ModelActivity.Leaving { Requests: > 0 }))
            yield return new MenuItem("switch.hurry", strings.DoNotWait) { ToolTip = strings.StopNowToolTip, Command = new HurrySwitch() };
        yield return new MenuItem("switch.cancel", strings.CancelSwitch)
        {
            ToolTip = way.Back is { } back ? strings.CancelSwitchToolTip(ModelState.NameOf(back)) : null,
            Command = new CancelSwitch(),
        };
    }

    /// <summary>Models that could not be loaded, and what helps.</summary>
    public static IEnumerable<MenuEntry> Failures(AppState state, Strings strings) =>
        from model in state.Models
        where model.Activity is ModelActivity.Failed
        let reason = ((ModelActivity.Failed)model.Activity).Reason
        select new MenuItem($"failed.{model.Id}", strings.ModelFailed(model.Name))
        {
            Symbol = "exclamationmark.triangle",
            ToolTip = reason,
            Children =
            [
                new MenuItem($"failed.again.{model.Id}", strings.TryAgain) { ToolTip = reason, Command = new SwitchModel(model.Id) },
                new MenuItem($"failed.log.{model.Id}", strings.ShowLog) { Command = new ShowLog() },
                new MenuItem($"failed.dismiss.{model.Id}", strings.Acknowledge) { Command = new UnloadModel(model.Id) },
            ],
        };

    private static MenuItem Item(ModelState model, AppState state, Strings strings)
    {
        bool settled = state.Server is ServerState.Stopped or ServerState.Running or ServerState.Failed;
        bool answers = model is { Chosen: true, Activity: ModelActivity.Ready or ModelActivity.Loading } || model.Id == state.Switch?.To;
        return new($"model.{model.Id}", Title(model, strings))
        {
            Checked = model.Chosen,
            Command = settled && !answers && model.Activity is not ModelActivity.Leaving && model.Fit.Fits ? new SwitchModel(model.Id) : null,
            ToolTip = !model.Fit.Fits ? strings.DoesNotFit(model.Fit) : model.Activity is ModelActivity.Failed failed ? failed.Reason : model.Id,
            AccessibilityLabel = model.Fit.Fits ? null : strings.DoesNotFitLabel(model.Name),
        };
    }

    private static string Title(ModelState model, Strings strings) => model.Activity switch
    {
        ModelActivity.Loading loading => strings.Loading(model.Name, loading),
        ModelActivity.Leaving leaving => strings.Leaving(model.Name, leaving.Requests),
        ModelActivity.Failed => strings.ModelFailed(model.Name),
        ModelActivity.Ready when !model.Chosen => strings.InMemory(model.Name, model.SizeBytes),
        _ => strings.ModelAndSize(model.Name, model.SizeBytes),
    };

    private static IEnumerable<MenuEntry> Unloads(AppState state, Strings strings)
    {
        var ready = state.Models.Where(model => model.Activity is ModelActivity.Ready).ToList();
        if (ready.Count > 0)
            yield return new MenuSeparator();
        foreach (var model in ready)
        {
            yield return new MenuItem($"model.unload.{model.Id}", strings.UnloadModel(model.Name))
            {
                ToolTip = strings.UnloadModelToolTip,
                Command = new UnloadModel(model.Id),
            };
        }
    }
}
