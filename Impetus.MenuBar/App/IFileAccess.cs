namespace Impetus.MenuBar.App;

/// <summary>Opens what the user gave to a sandboxed app.</summary>
internal interface IFileAccess
{
    /// <summary>Opens again what was given in earlier runs, before anything reads it.</summary>
    void Restore();

    /// <summary>Keeps a file or folder readable until the result is disposed.</summary>
    /// <exception cref="IOException">The system refuses; the message says why.</exception>
    IDisposable Open(string path);
}

/// <summary>Outside of a sandbox every file is open.</summary>
internal sealed class OpenFiles : IFileAccess, IDisposable
{
    public static OpenFiles Instance { get; } = new();

    public void Restore()
    {
    }

    public IDisposable Open(string path) => this;

    public void Dispose()
    {
    }
}
