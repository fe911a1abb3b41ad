namespace Impetus.MenuBar.Menu;

/// <summary>The documents.</summary>
/// <param name="Documents">How many are searchable.</param>
/// <param name="Ingestion">What is being added; null if nothing is.</param>
/// <param name="Recent">The last ones that were added, the newest first.</param>
internal sealed record LibraryState(int Documents, IngestionState? Ingestion, IReadOnlyList<RecentDocument> Recent)
{
    /// <summary>Why it cannot be used, such as data of a newer version; null if it can.</summary>
    public string? Fault { get; init; }

    /// <summary>The folders whose changes are followed, by path.</summary>
    public IReadOnlyList<WatchedFolder> Watched { get; init; } = [];
}

/// <param name="Path">Where it is.</param>
/// <param name="Fault">Why it is not followed now; null if it is, or no server runs.</param>
internal sealed record WatchedFolder(string Path, string? Fault);

/// <summary>Documents on their way into the library.</summary>
/// <param name="Done">How many are over.</param>
/// <param name="Total">How many there are, at least 1.</param>
/// <param name="Left">How long the rest takes; null if nobody knows yet.</param>
/// <param name="Paused">Whether they wait for the machine to have room.</param>
internal sealed record IngestionState(int Done, int Total, TimeSpan? Left, bool Paused);

/// <param name="Title">What people call it.</param>
/// <param name="Path">The file it came from.</param>
internal sealed record RecentDocument(string Title, string Path);
