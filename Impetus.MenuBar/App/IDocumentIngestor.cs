using Impetus.Retrieval.Indexing;

namespace Impetus.MenuBar.App;

/// <summary>Puts documents into the library.</summary>
internal interface IDocumentIngestor
{
    /// <summary>How many documents are searchable.</summary>
    int Documents { get; }

    /// <summary>Why the library cannot be used, for people; null if it can.</summary>
    string? Fault { get; }

    /// <summary>Raised when <see cref="Documents"/> may have changed, on any thread, whoever added them.</summary>
    event Action? Changed;

    /// <summary>Raised for each file of a followed folder that was dealt with, on any thread.</summary>
    event Action<FolderChange>? FolderChanged;

    /// <summary>
    /// Follows a folder while the server runs: what changed since it was last followed is caught up with, files that are written are added,
    /// and those that go are deleted from the library. A folder that is followed already stays so.
    /// </summary>
    /// <exception cref="LibraryException">The folder or the library cannot be used; the message says why.</exception>
    Task FollowAsync(string folder);

    /// <summary>Follows a folder no longer; its documents stay.</summary>
    Task UnfollowAsync(string folder);

    /// <summary>
    /// Adds one item; when the task completes it can be found, or is <see cref="Ingested.Postponed"/>. A fault's message is shown to the user.
    /// </summary>
    /// <param name="item">A document, or a folder of them.</param>
    /// <param name="progress">Told how many documents of the item are done, and how many there are.</param>
    /// <param name="cancel">Gives the item up.</param>
    Task<Ingested> AddAsync(IngestionItem item, IProgress<(int Done, int Total)>? progress, CancellationToken cancel);
}

/// <summary>What became of an item.</summary>
/// <param name="Added">Documents that can be found now.</param>
/// <param name="Failures">A sentence for each document of a folder that could not be added.</param>
/// <param name="Postponed">The server stopped first; the item is safe, and goes on when the server runs again.</param>
internal sealed record Ingested(int Added, IReadOnlyList<string> Failures, bool Postponed);
