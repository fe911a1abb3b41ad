using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>The library's file: its lock, its writer and a pool of readers.</summary>
internal sealed class LibraryDatabase : IAsyncDisposable
{
    private const int MaxIdleReaders = 16;

    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly LibraryLock _lock;
    private readonly string _path;
    private volatile bool _closed;

    private LibraryDatabase(string folder, LibraryLock held, SqliteSession session)
    {
        Folder = folder;
        _lock = held;
        _path = PathIn(folder);
        Writer = new LibraryWriter(session, folder);
    }

    public string Folder { get; }

    public LibraryWriter Writer { get; }

    /// <summary>The database file in a library's folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "library.db");

    /// <summary>Makes the folder and file where they do not exist. Throws <see cref="LibraryException"/>.</summary>
    public static LibraryDatabase Open(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw e is IOException full && SqliteFaults.IsDiskFull(full) ? SqliteFaults.DiskFull(folder, e) : SqliteFaults.CannotWrite(folder, e);
        }
        var held = LibraryLock.Take(folder);
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.Open(PathIn(folder), readOnly: false);
            LibrarySchema.Prepare(session, folder);
            PageTable.Prepare(session);
            TermsRebuild.RunIfOutdated(session);
            return new LibraryDatabase(folder, held, session);
        }
        catch (Exception e)
        {
            session?.Dispose();
            held.Dispose();
            throw e is SqliteException sqlite ? SqliteFaults.Translate(sqlite, folder) : e;
        }
    }

    /// <summary>Reads in one transaction: what the work sees does not change under it.</summary>
    public T Read<T>(Func<SqliteSession, T> work)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(DocumentLibrary));
        SqliteSession? session = null;
        try
        {
            if (!_idle.TryTake(out session))
                session = SqliteSession.Open(_path, readOnly: true);
            session.Execute("BEGIN");
            var result = work(session);
            session.Execute("COMMIT");
            Return(session);
            return result;
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is SqliteException sqlite)
                throw SqliteFaults.Translate(sqlite, Folder);
            throw;
        }
    }

    private void Return(SqliteSession session)
    {
        if (_closed || _idle.Count >= MaxIdleReaders)
            session.Dispose();
        else
            _idle.Add(session);
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        while (_idle.TryTake(out var session))
            session.Dispose();
        await Writer.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }
}
