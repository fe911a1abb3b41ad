using System.IO.Compression;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// A ZIP archive in memory. Nothing is ever unpacked to disk, so the names of its entries are only names; what comes out of an entry is counted
/// while it comes. Not thread-safe.
/// </summary>
internal sealed class ZipFile : IDisposable
{
    private const int MaxEntries = 100_000;

    private readonly ZipArchive _archive;
    private readonly ReadingBudget _budget;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

    private ZipFile(ZipArchive archive, ReadingBudget budget)
    {
        (_archive, _budget) = (archive, budget);
        if (archive.Entries.Count > MaxEntries)
            throw new ReadException(ReadError.TooLarge, $"This document has more than {MaxEntries} parts and was not read.");
        foreach (ZipArchiveEntry entry in archive.Entries)
            _entries.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
    }

    public IEnumerable<string> Names => _entries.Keys;

    /// <exception cref="ReadException">The archive's directory is missing or broken, as in a file that was cut.</exception>
    public static ZipFile Open(ReadOnlyMemory<byte> content, ReadingBudget budget)
    {
        try
        {
            Stream stream = new SourceFile(content, "", default, budget).OpenStream();
            return new ZipFile(new ZipArchive(stream, ZipArchiveMode.Read), budget);
        }
        catch (InvalidDataException fault)
        {
            throw ReadException.Damaged("it is a package that was cut or broken", fault);
        }
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The first bytes of an entry, at most <paramref name="count"/>, or null when there is none.</summary>
    public byte[]? Peek(string name, int count)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry) || entry.IsEncrypted)
            return null;
        try
        {
            using Stream inflating = entry.Open();
            byte[] start = new byte[count];
            return start[..inflating.ReadAtLeast(start, count, throwOnEndOfStream: false)];
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw ReadException.Damaged($"its part {name} cannot be unpacked", fault);
        }
    }

    /// <summary>The bytes of an entry, or null when there is none.</summary>
    /// <exception cref="ReadException">The entry is broken, encrypted, or unpacks to more than what is left of the limit.</exception>
    public byte[]? Read(string name)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
            return null;
        if (entry.IsEncrypted)
            throw ReadException.Encrypted();
        try
        {
            // Counted before it is kept: a bomb takes no memory, and what is no bomb is kept without growing.
            byte[] bytes = new byte[Measure(entry)];
            using Stream inflating = entry.Open();
            inflating.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw ReadException.Damaged($"its part {name} cannot be unpacked", fault);
        }
    }

    private int Measure(ZipArchiveEntry entry)
    {
        using Stream inflating = entry.Open();
        byte[] buffer = new byte[81920];
        int total = 0;
        for (int read; (read = inflating.Read(buffer)) > 0; total = checked(total + read))
            _budget.CountInflated(read);
        return total;
    }

    public void Dispose() => _archive.Dispose();
}
