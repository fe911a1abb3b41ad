using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>XXH3 of what a row holds: SQLite has no checksums of its own, and a flipped bit must not pass for evidence.</summary>
internal static class RowHash
{
    public static long Of(ReadOnlySpan<byte> bytes) => unchecked((long)XxHash3.HashToUInt64(bytes));

    public static long Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));
}
