using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>SQLite's and the file system's errors in words that say what to do.</summary>
internal static class SqliteFaults
{
    private const int Busy = 5, LockedTable = 6, ReadOnlyFile = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;
    private const int NoSpaceLeft = 28, QuotaExceededLinux = 122, QuotaExceededMac = 69, ReadOnlyFileSystem = 30;

    /// <summary>The fault behind an exception of SQLite's about the library in <paramref name="folder"/>.</summary>
    public static LibraryException Translate(SqliteException e, string folder) => e.SqliteErrorCode switch
    {
        Full => DiskFull(folder, e),
        ReadOnlyFile or CannotOpen => CannotWrite(folder, e),
        Busy or LockedTable => new LibraryException(
            LibraryFault.Locked, $"Another program holds the library in {folder} open. Close it and try again.", e),
        Corrupt or NotADatabase => Damaged(folder, e.Message, e),
        InputOutput => new LibraryException(
            LibraryFault.Damaged,
            $"The disk did not read or write the library in {folder} ({e.Message}). Check the disk and its free space; what was acknowledged "
            + "before is kept.",
            e),
        _ => new LibraryException(LibraryFault.Damaged, $"The library in {folder} failed: {e.Message}", e),
    };

    public static LibraryException DiskFull(string folder, Exception cause) => new(
        LibraryFault.DiskFull,
        $"No space is left for the library in {folder}. Free some, then repeat the request; everything acknowledged before is kept.",
        cause);

    public static LibraryException CannotWrite(string folder, Exception cause) => new(
        LibraryFault.ReadOnly,
        $"The library in {folder} cannot be written. Make the folder and its files writable for this user, or choose another data directory.",
        cause);

    public static LibraryException Damaged(string folder, string detail, Exception? cause = null) => new(
        LibraryFault.Damaged,
        $"The library in {folder} is damaged ({detail}). Nothing was changed. Restore the folder from a backup; or move it aside, start again, "
        + "and add the documents anew. Documents that can still be read keep their text under /v1/documents/{id}/content.",
        cause);

    public static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is NoSpaceLeft or QuotaExceededLinux or QuotaExceededMac;

    public static bool IsReadOnly(IOException e) => (e.HResult & 0xFFFF) is ReadOnlyFileSystem;
}
