using System.Security.Cryptography;
using System.Text;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>What a sandboxed app needs to open again what the user once gave it.</summary>
internal interface IBookmarks
{
    /// <summary>A bookmark of a file or folder that is open to the app now.</summary>
    /// <exception cref="IOException">The system makes none; the message says why.</exception>
    byte[] Create(string path);

    /// <summary>Opens what a bookmark stands for.</summary>
    /// <exception cref="IOException">It is gone, or the system refuses.</exception>
    IBookmarkAccess Open(byte[] bookmark);
}

/// <summary>A file or folder that stays open until this is disposed.</summary>
internal interface IBookmarkAccess : IDisposable
{
    /// <summary>Where it is now.</summary>
    string Path { get; }

    /// <summary>Whether it has moved, so that the bookmark must be made anew.</summary>
    bool IsStale { get; }
}

/// <summary>
/// Remembers the folders that were given to the app, in <c>state/bookmarks</c>, and holds them open, so that they can be followed, after a
/// restart too. Single files are not remembered: their bytes are in the library before anybody can forget them. Thread safe.
/// </summary>
internal sealed class FileGrants(IBookmarks bookmarks, DataDirectory data) : IFileAccess, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, IBookmarkAccess> _open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Folders
    {
        get
        {
            lock (_lock)
                return [.. _open.Keys];
        }
    }

    /// <inheritdoc/>
    public IDisposable Open(string path)
    {
        // A single file that was dropped is open already, for as long as the app runs.
        if (!Directory.Exists(path))
            return OpenFiles.Instance;
        lock (_lock)
        {
            if (!_open.ContainsKey(path))
            {
                byte[] bookmark = bookmarks.Create(path);
                Save(path, bookmark);
                _open[path] = bookmarks.Open(bookmark);
            }
        }

        return OpenFiles.Instance;
    }

    /// <inheritdoc/>
    public void Forget(string folder)
    {
        lock (_lock)
        {
            if (_open.Remove(folder, out var access))
                access.Dispose();
            File.Delete(FileOf(folder));
        }
    }

    /// <summary>Opens all that is remembered. What has moved is remembered anew, what is gone is forgotten.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            if (!Directory.Exists(Folder))
                return;
            foreach (string file in Directory.GetFiles(Folder, "*.bookmark"))
                Restore(file);
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var access in _open.Values)
                access.Dispose();
            _open.Clear();
        }
    }

    private string Folder => Path.Combine(data.State, "bookmarks");

    private void Restore(string file)
    {
        try
        {
            var access = bookmarks.Open(File.ReadAllBytes(file));
            if (!_open.TryAdd(access.Path, access))
                access.Dispose();
            if (!access.IsStale)
                return;
            Save(access.Path, bookmarks.Create(access.Path));
            if (FileOf(access.Path) != file)
                File.Delete(file);
        }
        catch (IOException)
        {
            File.Delete(file);
        }
    }

    // Published by rename: half a bookmark opens nothing.
    private void Save(string path, byte[] bookmark)
    {
        data.Ensure(Folder);
        string file = FileOf(path), fresh = file + ".new";
        File.WriteAllBytes(fresh, bookmark);
        File.Move(fresh, file, overwrite: true);
    }

    private string FileOf(string path) =>
        Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..32] + ".bookmark");
}
