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
        ServerState.Running when Loading(state) is var (model, progress) => strings.Loading(model, progress),
        ServerState.Running when Failed(state) is { } model => strings.ModelFailed(model),
        ServerState.Running when state.Figures is { ActiveRequests: > 0 and var requests } => strings.Busy(requests),
        ServerState.Running running => strings.RunningAt(running.Address),
        _ => strings.ServerStopped,
    };

    /// <summary>The picture in the menu bar. Its ring tells how far a model is loaded or documents are added.</summary>
    public static StatusItem Icon(AppState state, Strings strings)
    {
        var loading = Loading(state);
        var ingestion = state.Library?.Ingestion;
        var icon = state.Server switch
        {
            ServerState.Starting or ServerState.Stopping => StatusIcon.Working,
            ServerState.Failed => StatusIcon.Failed,
            ServerState.Running when loading is not null => StatusIcon.Working,
            ServerState.Running when Failed(state) is not null => StatusIcon.Failed,
            ServerState.Running when state.Figures is { ActiveRequests: > 0 } => StatusIcon.Busy,
            ServerState.Running => StatusIcon.Ready,
            _ => StatusIcon.Stopped,
        };
        double? progress = loading is var (_, fraction) ? fraction : ingestion is null ? null : (double)ingestion.Done / ingestion.Total;
        string label = $"Impetus: {Text(state, strings)}";
        return new(icon, progress, ingestion is null ? label : $"{label}. {strings.Ingesting(ingestion)}");
    }

    private static (string Model, double? Progress)? Loading(AppState state)
    {
        foreach (var model in state.Models)
        {
            if (model.Activity is ModelActivity.Loading loading)
                return (model.Name, loading.Progress);
        }

        return null;
    }

    private static string? Failed(AppState state) => state.Models.FirstOrDefault(m => m.Activity is ModelActivity.Failed)?.Name;
}
