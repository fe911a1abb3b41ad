namespace Impetus.Retrieval.Indexing;

/// <summary>A file to be kept as it is, until it is deleted.</summary>
/// <param name="Name">Its name, with its ending.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Purpose">What its sender wants it for.</param>
public sealed record NewFile(string Name, ReadOnlyMemory<byte> Bytes, string Purpose)
{
    /// <summary>The media type that the sender stated, if any.</summary>
    public string? ContentType { get; init; }
}

/// <summary>A file that is kept as it was sent.</summary>
/// <param name="Id">Its id, <c>file-</c> and 32 hexadecimal digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">The media type that the sender stated, if any.</param>
/// <param name="Purpose">What its sender wants it for.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Created">When it was sent, UTC.</param>
public sealed record StoredFile(string Id, string Name, string? ContentType, string Purpose, long Bytes, DateTimeOffset Created);
