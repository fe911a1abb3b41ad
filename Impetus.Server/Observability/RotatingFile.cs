namespace Impetus.Server.Observability;

/// <summary>
/// A log file that starts anew when it is full: <c>impetus.log</c> is the newest, then <c>impetus.1.log</c>, and so on; the oldest
/// goes. Thread safe. A disk that is full costs log lines, never a request; what is told after the end is lost, too.
/// </summary>
internal sealed class RotatingFile(string folder, long maxBytes, int keep) : IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _stream;
    private bool _closed;

    /// <summary>Writes one line, which brings its own line end.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            try
            {
                _stream ??= Open();
                if (_stream.Length > 0 && _stream.Length + line.Length > maxBytes)
                    Rotate();
                _stream.Write(line);
                _stream.Flush();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                _stream?.Dispose();
                _stream = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _stream?.Dispose();
            _stream = null;
        }
    }

    private void Rotate()
    {
        _stream!.Dispose();
        _stream = null;
        for (int age = keep - 1; age > 0; age--)
        {
            if (File.Exists(Name(age - 1)))
                File.Move(Name(age - 1), Name(age), overwrite: true);
        }

        _stream = Open();
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(Name(0), options);
    }

    private string Name(int age) => Path.Combine(folder, age == 0 ? "impetus.log" : $"impetus.{age}.log");
}
