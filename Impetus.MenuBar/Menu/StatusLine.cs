namespace Impetus.MenuBar.Menu;

/// <summary>One sentence and one picture for the whole state.</summary>
internal static class StatusLine
{
    /// <summary>The sentence at the top of the menu.</summary>
    public static string Text(AppState state, Strings strings) => state.Server switch
    {
        ServerState.Starting => strings.ServerStarting,
        ServerState.Stopping => strings.ServerStopping,
        ServerState.Failed failed => failed.Fault.Title,
        ServerState.Running when Leaving(state) is var (model, requests) => strings.Leaving(model, requests),
        ServerState.Running when Loading(state) is var (model, loading) => strings.Loading(model, loading),
        ServerState.Running when Failed(state) is { } model => strings.ModelFailed(model),
        ServerState.Running when state.Figures is { ActiveRequests: > 0 and var requests } => strings.Busy(requests),
        ServerState.Running running => strings.RunningAt(running.Address),
        _ => strings.ServerStopped,
    };

    /// <summary>The picture in the menu bar. Its ring tells how far a model is loaded or documents are added.</summary>
    public static StatusItem Icon(AppState state, Strings strings)
    {
        bool isOnItsWay = Loading(state) is not null || Leaving(state) is not null;
        var ingestion = state.Library?.Ingestion;
        var icon = state.Server switch
        {
            ServerState.Starting or ServerState.Stopping => StatusIcon.Working,
            ServerState.Failed => StatusIcon.Failed,
            ServerState.Running when isOnItsWay => StatusIcon.Working,
            ServerState.Running when Failed(state) is not null => StatusIcon.Failed,
            ServerState.Running when state.Figures is { ActiveRequests: > 0 } => StatusIcon.Busy,
            ServerState.Running => StatusIcon.Ready,
            _ => StatusIcon.Stopped,
        };
        double? progress = Loading(state) is var (_, loading) ? loading.Progress : ingestion is null ? null : (double)ingestion.Done / ingestion.Total;
        string label = $"Impetus: {Text(state, strings)}";
        return new(icon, progress, ingestion is null ? label : $"{label}. {strings.Ingesting(ingestion)}");
    }

    private static (string Model, ModelActivity.Loading Loading)? Loading(AppState state)
    {
        foreach (var model in state.Models)
        {
            if (model.Activity is ModelActivity.Loading loading)
                return (model.Name, loading);
        }

        return null;
    }

    // A model that nobody waits for goes unnoticed.
    private static (string Model, int Requests)? Leaving(AppState state)
    {
        foreach (var model in state.Models)
        {
            if (model.Activity is ModelActivity.Leaving { Requests: > 0 and var requests })
                return (model.Name, requests);
        }

        return null;
    }

    // Another model may answer in its place; then it is a notice among others.
    private static string? Failed(AppState state) => state.Models.FirstOrDefault(m => m is { Chosen: true, Activity: ModelActivity.Failed })?.Name;
}
