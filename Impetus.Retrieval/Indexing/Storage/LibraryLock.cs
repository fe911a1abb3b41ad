using System.Globalization;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>
/// Holds a library for this process: an exclusive lock on a file of our own, which the system lets go when the process dies. The holder
/// writes its process id beside it, so that others can say who it is.
/// </summary>
internal sealed class LibraryLock : IDisposable
{
    private readonly FileStream _file;

    private LibraryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock or throws <see cref="LibraryFault.Locked"/> or <see cref="LibraryFault.ReadOnly"/>.</summary>
    public static LibraryLock Take(string folder)
    {
        string holder = Path.Combine(folder, "library.holder");
        try
        {
            var file = new FileStream(Path.Combine(folder, "library.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new LibraryLock(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw SqliteFaults.CannotWrite(folder, e);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            if (SqliteFaults.IsDiskFull(e))
                throw SqliteFaults.DiskFull(folder, e);
            if (SqliteFaults.IsReadOnly(e))
                throw SqliteFaults.CannotWrite(folder, e);
            throw new LibraryException(
                LibraryFault.Locked,
                $"The library in {folder} is open in another process{Named(holder)}. Quit that one, or let it do the work: the commands are "
                + "clients of a running server.",
                e);
        }
    }

    private static string Named(string holder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(holder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? $" (number {id})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Dispose() => _file.Dispose();
}
