using System.IO.MemoryMappedFiles;

namespace Impetus.Engine.Weights;

/// <summary>
/// A file mapped read-only into memory. Weights are published by rename and never written in place, since a mapped file that
/// shrinks is fatal for the process.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Maps a file that is not empty.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Length = stream.Length;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Data = pointer + _view.PointerOffset;
    }

    /// <summary>The first byte; valid until the file is disposed.</summary>
    public byte* Data { get; private set; }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Data is null)
            return;
        Data = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
