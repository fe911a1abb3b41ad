namespace Impetus.Server.Management;

/// <summary>A model that is not in memory although it was asked for, and why.</summary>
/// <param name="Id">Its id; or what the settings call it, where there is no such model.</param>
/// <param name="Reason">
/// <c>crashed</c>: an earlier run ended while it was at work, so it is not loaded by itself; <c>out_of_memory</c>: there was too little;
/// <c>model_failed</c>: the engine failed again at the same input; <c>model_load_failed</c>: it cannot be loaded.
/// </param>
/// <param name="Message">For people: both numbers, or the date, and what to do.</param>
public sealed record HeldModel(string Id, string Reason, string Message)
{
    /// <summary>All that are held back now.</summary>
    internal static IReadOnlyList<HeldModel> All(ModelHost host, CrashMarkers crashes, string first)
    {
        var resident = host.Resident;
        List<HeldModel> held =
        [
            .. resident.Where(model => model.State == ResidentState.Failed)
                .Select(model => new HeldModel(model.Id, model.FaultCode ?? "model_load_failed", model.Fault ?? "")),
            .. crashes.Found.Where(report => resident.All(model => model.Id != report.Model)).Select(report => new HeldModel(report.Model, "crashed", report.Message)),
        ];
        if (held.Count == 0 && host.Loaded is { IsFaulted: true, Exception.InnerException: { } fault } && host.Models.Count == 0)
            held.Add(new HeldModel(first, "model_load_failed", fault.Message));
        return held;
    }
}
