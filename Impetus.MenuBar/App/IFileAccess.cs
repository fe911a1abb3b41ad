namespace Impetus.MenuBar.App;

/// <summary>Opens what the user gave to a sandboxed app.</summary>
internal interface IFileAccess
{
    /// <summary>Opens again what was given in earlier runs, before anything reads it.</summary>
    void Restore();

    /// <summary>The folders that are remembered and open, by their paths now.</summary>
    IReadOnlyList<string> Folders { get; }

    /// <summary>Keeps a file or folder readable until the result is disposed.</summary>
    /// <exception cref="IOException">The system refuses; the message says why.</exception>
    IDisposable Open(string path);

    /// <summary>Remembers a folder no longer, and closes it.</summary>
    void Forget(string folder);
}

/// <summary>Outside of a sandbox every file is open.</summary>
internal sealed class OpenFiles : IFileAccess, IDisposable
{
    public static OpenFiles Instance { get; } = new();

    public IReadOnlyList<string> Folders => [];

    public void Restore()
    {
    }

    public void Forget(string folder)
    {
    }

    public IDisposable Open(string path) => this;

    public void Dispose()
    {
    }
}
