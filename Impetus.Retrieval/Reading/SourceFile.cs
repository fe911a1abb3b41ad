namespace Impetus.Retrieval.Reading;

/// <summary>What a format's reader is given: the bytes, the name, and what it may use up.</summary>
internal sealed record SourceFile(ReadOnlyMemory<byte> Content, string Name, DocumentKind Kind, ReadingBudget Budget)
{
    public ReadOnlySpan<byte> Bytes => Content.Span;

    public Stream OpenStream() => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(Content, out ArraySegment<byte> array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(Content.ToArray(), writable: false);
}
