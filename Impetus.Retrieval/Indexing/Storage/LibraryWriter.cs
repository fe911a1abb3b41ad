using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>
/// The one thread that writes. Operations that wait together share a transaction, each behind a savepoint of its own, so that one commit
/// (one flush to the disk) serves many small documents. An operation's task completes after its commit.
/// </summary>
internal sealed class LibraryWriter : IAsyncDisposable
{
    private const int MaxWaiting = 128;
    private const int MaxPerCommit = 32;

    private readonly Channel<Operation> _queue = Channel.CreateBounded<Operation>(MaxWaiting);
    private readonly SqliteSession _session;
    private readonly string _folder;
    private readonly Thread _thread;

    public LibraryWriter(SqliteSession session, string folder)
    {
        _session = session;
        _folder = folder;
        _thread = new Thread(Loop) { Name = "library writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs the work in a transaction and returns once it is durable. A fault of the work undoes it alone.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default)
    {
        var operation = new Operation<T>(work, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(operation, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(DocumentLibrary));
        }
        return await operation.Completion.Task.ConfigureAwait(false);
    }

    /// <summary>Runs work that has no result.</summary>
    public Task RunAsync(Action<SqliteSession> work, CancellationToken cancellationToken = default) =>
        RunAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs statements that cannot be in a transaction, such as a checkpoint.</summary>
    public async Task RunOutsideTransactionAsync(string sql)
    {
        var operation = new Operation<bool>(
            session =>
            {
                session.Run(sql);
                return true;
            },
            CancellationToken.None)
        { IsAlone = true };
        await _queue.Writer.WriteAsync(operation).ConfigureAwait(false);
        await operation.Completion.Task.ConfigureAwait(false);
    }

    private void Loop()
    {
        var batch = new List<Operation>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MaxPerCommit && _queue.Reader.TryPeek(out var next) && (batch.Count == 0 || !next.IsAlone))
            {
                _queue.Reader.TryRead(out _);
                batch.Add(next);
                if (next.IsAlone)
                    break;
            }
            if (batch is [{ IsAlone: true } alone])
                RunAlone(alone);
            else
                Commit(batch);
            batch.Clear();
        }
    }

    private void RunAlone(Operation operation)
    {
        try
        {
            operation.Run(_session);
            operation.Complete();
        }
        catch (Exception e)
        {
            operation.Fail(Translate(e));
        }
    }

    private void Commit(List<Operation> batch)
    {
        var pending = new List<Operation>(batch.Count);
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var operation in batch)
            {
                if (RunBehindSavepoint(operation, pending))
                    pending.Add(operation);
            }
            if (!_session.IsAutoCommit)
                _session.Execute("COMMIT");
            foreach (var operation in pending)
                operation.Complete();
        }
        catch (Exception e)
        {
            RollBack();
            foreach (var operation in batch)
                operation.Fail(Translate(e));
        }
    }

    /// <summary>False where the operation failed and was undone.</summary>
    private bool RunBehindSavepoint(Operation operation, List<Operation> before)
    {
        if (operation.IsCancelled)
        {
            operation.Fail(new OperationCanceledException());
            return false;
        }
        try
        {
            if (_session.IsAutoCommit)
                _session.Execute("BEGIN IMMEDIATE");
            _session.Execute("SAVEPOINT operation");
            operation.Run(_session);
            _session.Execute("RELEASE operation");
            return true;
        }
        catch (Exception e)
        {
            var fault = Translate(e);
            if (_session.IsAutoCommit)
            {
                // SQLite gave up the whole transaction (disk full, i/o error): what ran before this operation is undone as well.
                foreach (var operationBefore in before)
                    operationBefore.Fail(fault);
                before.Clear();
            }
            else
            {
                _session.Execute("ROLLBACK TO operation");
                _session.Execute("RELEASE operation");
            }
            operation.Fail(fault);
            return false;
        }
    }

    private void RollBack()
    {
        try
        {
            if (!_session.IsAutoCommit)
                _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself.
        }
    }

    private Exception Translate(Exception e) => e is SqliteException sqlite ? SqliteFaults.Translate(sqlite, _folder) : e;

    /// <summary>Finishes what waits and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join).ConfigureAwait(false);
        _session.Dispose();
    }

    private abstract class Operation(CancellationToken cancellationToken)
    {
        public bool IsAlone { get; init; }

        public bool IsCancelled => cancellationToken.IsCancellationRequested;

        public abstract void Run(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception e);
    }

    private sealed class Operation<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : Operation(cancellationToken)
    {
        private T? _result;

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(SqliteSession session) => _result = work(session);

        public override void Complete() => Completion.TrySetResult(_result!);

        public override void Fail(Exception e)
        {
            if (e is OperationCanceledException)
                Completion.TrySetCanceled();
            else
                Completion.TrySetException(e);
        }
    }
}
