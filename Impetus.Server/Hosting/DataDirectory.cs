namespace Impetus.Server.Hosting;

/// <summary>The one folder in which Impetus keeps what it must remember. Its parts are made when they are first needed.</summary>
public sealed class DataDirectory
{
    private DataDirectory(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Installed models.</summary>
    public string Models => System.IO.Path.Combine(Path, "models");

    /// <summary>The documents and their index.</summary>
    public string Library => System.IO.Path.Combine(Path, "library");

    /// <summary>Keys, settings of the app, conversations.</summary>
    public string State => System.IO.Path.Combine(Path, "state");

    /// <summary>Log files.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>The settings file, which need not exist.</summary>
    public string SettingsFile => System.IO.Path.Combine(Path, "settings.json");

    /// <summary>
    /// The given folder; else what the platform has for this: Application Support (the container's own, in a sandbox), local
    /// application data, or <c>$XDG_DATA_HOME/impetus</c>.
    /// </summary>
    /// <exception cref="SettingsException">The user has no home folder.</exception>
    public static DataDirectory Locate(string? home, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(home))
            return new(System.IO.Path.GetFullPath(home));
        if (OperatingSystem.IsMacOS())
            return Under(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Impetus");
        if (OperatingSystem.IsWindows())
            return Under(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Impetus");
        // The XDG specification: a relative path is to be ignored.
        if (environment("XDG_DATA_HOME") is { } data && System.IO.Path.IsPathRooted(data))
            return Under(data, "impetus");
        string user = environment("HOME") ?? "";
        return Under(user.Length == 0 ? "" : System.IO.Path.Combine(user, ".local", "share"), "impetus");
    }

    /// <summary>Makes the folder and one below it, for the owner alone, and returns the latter.</summary>
    /// <exception cref="SettingsException">It cannot be made.</exception>
    public string Ensure(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return folder;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"The data directory {Path} cannot be used: {fault.Message} Choose another with --home or IMPETUS_HOME.", fault);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static DataDirectory Under(string parent, string name) => parent.Length > 0
        ? new(System.IO.Path.Combine(parent, name))
        : throw new SettingsException("There is no home folder to keep data in. Name one with --home or IMPETUS_HOME.");
}
