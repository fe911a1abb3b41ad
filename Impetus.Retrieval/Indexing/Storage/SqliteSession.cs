using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>One connection and its prepared statements. For one thread at a time. Parameters are <c>$1</c>, <c>$2</c> …</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int MaxStatements = 256;
    private static readonly string[] Names = [.. Enumerable.Range(1, 64).Select(i => $"${i}")];

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file with the settings that every connection keeps; readers cannot write.</summary>
    public static SqliteSession Open(string path, bool readOnly)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Run("""
                PRAGMA busy_timeout = 10000;
                PRAGMA page_size = 16384;
                PRAGMA synchronous = FULL;
                PRAGMA fullfsync = 1;
                PRAGMA checkpoint_fullfsync = 1;
                PRAGMA foreign_keys = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -65536;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA secure_delete = ON;
                """);
            if (readOnly)
                session.Run("PRAGMA query_only = 1");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether no transaction is open: SQLite ends one by itself after some errors.</summary>
    public bool IsAutoCommit => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) != 0;

    /// <summary>Id of the row inserted last.</summary>
    public long LastId => SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);

    /// <summary>Runs statements that are used once and have no parameters.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>The first row, or the default where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        return reader.Read() ? map(reader) : default;
    }

    /// <summary>All rows.</summary>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, arguments).ExecuteReader();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>Visits all rows.</summary>
    public void Each(string sql, Action<SqliteDataReader> visit, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        while (reader.Read())
            visit(reader);
    }

    /// <summary>Visits rows until the visitor returns false.</summary>
    public void EachWhile(string sql, Func<SqliteDataReader, bool> visit, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        while (reader.Read() && visit(reader))
        {
        }
    }

    /// <summary>The integer in the first column of the first row; 0 where there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> arguments) => First(sql, row => row.IsDBNull(0) ? 0 : row.GetInt64(0), arguments);

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count >= MaxStatements)
                Forget();
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (string name in Names.AsSpan(0, arguments.Length))
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _statements.Add(sql, command);
        }
        for (int i = 0; i < arguments.Length; i++)
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        return command;
    }

    private void Forget()
    {
        foreach (var command in _statements.Values)
            command.Dispose();
        _statements.Clear();
    }

    public void Dispose()
    {
        Forget();
        _connection.Dispose();
    }
}
