using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>
/// One running app for a data directory, and whether the last one came to its end: a file is left while the app runs, and a file that
/// is found at the start was left by a crash.
/// </summary>
internal sealed class RunMarker : IDisposable
{
    private readonly FileLock _instance;
    private readonly string _running;

    private RunMarker(FileLock instance, string running, bool lastRunCrashed) =>
        (_instance, _running, LastRunCrashed) = (instance, running, lastRunCrashed);

    /// <summary>Whether the last run ended without saying so.</summary>
    public bool LastRunCrashed { get; }

    /// <summary>Begins the run; null if the app already runs on this data.</summary>
    public static RunMarker? TryBegin(DataDirectory data)
    {
        string state = data.Ensure(data.State);
        if (FileLock.TryTake(Path.Combine(state, "app.lock")) is not { } instance)
            return null;
        string running = Path.Combine(state, "app.running");
        bool crashed = File.Exists(running);
        File.WriteAllBytes(running, []);
        return new(instance, running, crashed);
    }

    /// <summary>Ends the run in order.</summary>
    public void Dispose()
    {
        File.Delete(_running);
        _instance.Dispose();
    }
}
