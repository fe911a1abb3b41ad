namespace Impetus.Retrieval.Reading;

/// <summary>Turns a file's bytes into text. Implementations are thread-safe.</summary>
public interface IDocumentReader
{
    /// <param name="content">The file's bytes; they must not change while they are read.</param>
    /// <param name="name">The file's name with its ending; it decides only what the content leaves open.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReadException">The file cannot be read, with the reason for its owner.</exception>
    Task<ExtractedDocument> ReadAsync(ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken = default);
}
