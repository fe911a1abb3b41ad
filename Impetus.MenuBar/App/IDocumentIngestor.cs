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
