using System.Text;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// Just enough of [MS-CFB], the container of old Office documents and of encrypted new ones, to tell them apart: the names of its streams.
/// They are UTF-16 and start directory entries of 128 bytes, which are aligned within sectors of 512 or 4096 bytes.
/// </summary>
internal static class CompoundFile
{
    private const int DirectoryEntryBytes = 128;

    public static bool HasStream(ReadOnlySpan<byte> bytes, string name)
    {
        byte[] entry = Encoding.Unicode.GetBytes(name + '\0');
        for (int at = 512; at + DirectoryEntryBytes <= bytes.Length; at += DirectoryEntryBytes)
            if (bytes[at..].StartsWith(entry))
                return true;
        return false;
    }
}
