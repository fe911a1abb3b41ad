using System.Buffers.Binary;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Weights;

/// <summary>
/// One file in the safetensors format, memory-mapped: eight bytes of header length, a JSON header, and the tensors' bytes, which
/// must tile the rest of the file. A file that breaks a rule is refused as a whole, by name of file, tensor and fault.
/// </summary>
/// <remarks>Thread safe. Format: https://github.com/huggingface/safetensors#format.</remarks>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;

    private SafetensorsFile(MappedFile file, IReadOnlyDictionary<string, StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (_file, Tensors, Metadata) = (file, tensors, metadata);
    }

    /// <summary>All tensors by name; their bytes live until the file is disposed.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>, empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long Length => _file.Length;

    /// <summary>Maps a file and checks all of its header.</summary>
    /// <exception cref="CheckpointException">It is missing, unreadable or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file;
        try
        {
            if (new FileInfo(path) is not { Length: >= 8 })
                throw new CheckpointException($"{path}: shorter than the 8 bytes that give the header's length. Download it again.");
            file = new MappedFile(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be opened: {fault.Message}", fault);
        }

        try
        {
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(file.Data, 8));
            if (headerLength > SafetensorsHeader.MaxBytes)
                throw new CheckpointException($"{path}: the header claims {headerLength} bytes; at most {SafetensorsHeader.MaxBytes} are read.");
            if ((long)headerLength > file.Length - 8)
                throw new CheckpointException($"{path}: the header claims {headerLength} bytes, the file ends after {file.Length - 8}. Download it again.");
            var header = SafetensorsHeader.Parse(path, new ReadOnlySpan<byte>(file.Data + 8, (int)headerLength), file.Length - 8 - (long)headerLength);
            byte* data = file.Data + 8 + headerLength;
            var tensors = header.Entries.ToDictionary(
                entry => entry.Name, entry => new StoredTensor(entry.Name, entry.Type, entry.Shape, data + entry.Begin, entry.End - entry.Begin), StringComparer.Ordinal);
            return new SafetensorsFile(file, tensors, header.Metadata);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
