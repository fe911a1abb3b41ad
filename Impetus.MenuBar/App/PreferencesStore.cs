using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;
using LiteDB;

namespace Impetus.MenuBar.App;

/// <summary>
/// The preferences on disk: one document in <c>state/preferences.db</c>. LiteDB locks no file and dies of concurrent use, so that a lock
/// file keeps other processes out and one lock keeps threads apart. Thread safe.
/// </summary>
internal sealed class PreferencesStore : IDisposable
{
    private const int FormatVersion = 1;
    private const string Collection = "preferences";
    private static readonly BsonValue Id = 1;

    private readonly Lock _lock = new();
    private readonly FileLock _file;
    private readonly string _path;
    private LiteDatabase? _database;
    private Preferences _now;

    private PreferencesStore(FileLock file, string path)
    {
        (_file, _path, _now) = (file, path, new());
        try
        {
            _now = Read(Open());
        }
        catch (SettingsException)
        {
            Close();
            throw;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or (IOException and not EndOfStreamException))
        {
            Close();
            throw new SettingsException($"{path} cannot be read: {fault.Message}", fault);
        }
        catch (Exception fault)
        {
            // A damaged file makes LiteDB throw whatever comes to pass.
            // What cannot be read is kept beside, so that nothing is lost and the app starts.
            Close();
            File.Move(path, path + ".damaged", overwrite: true);
            File.Delete(LogPath);
            Damage = $"The preferences could not be read ({fault.Message}). They are as new; the old file is {path}.damaged.";
        }
    }

    /// <summary>What was wrong with the file, to be said once; null if nothing was.</summary>
    public string? Damage { get; private set; }

    /// <summary>The preferences.</summary>
    public Preferences Now
    {
        get
        {
            lock (_lock)
                return _now;
        }
    }

    /// <summary>Raised after a change, on the thread that made it.</summary>
    public event Action? Changed;

    private string LogPath => Path.Combine(Path.GetDirectoryName(_path)!, Path.GetFileNameWithoutExtension(_path) + "-log.db");

    /// <summary>Opens the preferences, or makes them.</summary>
    /// <exception cref="SettingsException">Another process holds them, or they are of a newer version.</exception>
    public static PreferencesStore Open(DataDirectory data)
    {
        string path = Path.Combine(data.Ensure(data.State), "preferences.db");
        var file = FileLock.TryTake(path + ".lock")
            ?? throw new SettingsException($"Another program uses {path}. Quit the other Impetus and try again.");
        try
        {
            return new(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Changes the preferences, on disk first.</summary>
    /// <exception cref="SettingsException">The result is not valid, and nothing is changed; the message says what to choose instead.</exception>
    public void Change(Func<Preferences, Preferences> change)
    {
        lock (_lock)
        {
            var next = change(_now);
            if (next == _now)
                return;
            if (next.Faults() is { Count: > 0 } faults)
                throw new SettingsException(string.Join(Environment.NewLine, faults));
            Write(next);
            _now = next;
        }

        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            Close();
        _file.Dispose();
    }

    // The engine does not survive its own exceptions: after one it is opened anew, once.
    private void Write(Preferences preferences)
    {
        try
        {
            Open().GetCollection(Collection).Upsert(ToDocument(preferences));
        }
        catch (Exception fault) when (fault is LiteException or IOException)
        {
            Close();
            try
            {
                Open().GetCollection(Collection).Upsert(ToDocument(preferences));
            }
            catch (Exception again) when (again is LiteException or IOException)
            {
                Close();
                throw new SettingsException($"{_path} cannot be written: {again.Message}", again);
            }
        }
    }

    private LiteDatabase Open() => _database ??= new(new ConnectionString { Filename = _path, Connection = ConnectionType.Direct });

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    private Preferences Read(LiteDatabase database)
    {
        if (database.GetCollection(Collection).FindById(Id) is not { } document)
            return new();
        if (document["version"].AsInt32 > FormatVersion)
            throw new SettingsException($"{_path} was written by a newer Impetus. Update this one, or move the file away.");
        var read = new Preferences
        {
            Port = document["port"].AsInt32,
            Model = document["model"].AsString,
            Mode = Enum.TryParse(document["mode"].AsString, out PerformanceMode mode) ? mode : (PerformanceMode)(-1),
            StartServerAtLaunch = document["start_server_at_launch"].AsBoolean,
            Notifications = document["notifications"].AsBoolean,
            // Older files have none, and that means no.
            CheckForUpdates = document["check_for_updates"] is { IsBoolean: true } look && look.AsBoolean,
            Welcomed = document["welcomed"].AsBoolean,
        };
        return read.Faults() is { Count: > 0 } faults ? throw new FormatException(string.Join(' ', faults)) : read;
    }

    private static BsonDocument ToDocument(Preferences preferences) => new()
    {
        ["_id"] = Id,
        ["version"] = FormatVersion,
        ["port"] = preferences.Port,
        ["model"] = preferences.Model,
        ["mode"] = preferences.Mode.ToString(),
        ["start_server_at_launch"] = preferences.StartServerAtLaunch,
        ["notifications"] = preferences.Notifications,
        ["check_for_updates"] = preferences.CheckForUpdates,
        ["welcomed"] = preferences.Welcomed,
    };
}
