using Impetus.Server.Hosting;

namespace Impetus.Server.Security;

/// <summary>Small files that only their owner may read (mode 0600).</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxBytes = 1 << 20;

    /// <summary>Makes the file unless it exists. Of several processes that try at once, one succeeds.</summary>
    public static bool TryCreate(string path, Func<string> content)
    {
        if (File.Exists(path))
            return false;
        // Written aside and then linked into place: nobody ever reads half a key.
        string draft = Write(path, content());
        try
        {
            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return false;
        }
    }

    /// <summary>Replaces the file in one step.</summary>
    public static void Replace(string path, string content) => File.Move(Write(path, content), path, overwrite: true);

    /// <summary>Reads the file, and takes it back from other users if it was left open to them.</summary>
    /// <exception cref="SettingsException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new SettingsException($"{path} is far too large for what it should hold. Move it away and start again.");
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != OwnerOnly)
                File.SetUnixFileMode(path, OwnerOnly);
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    private static string Write(string path, string content)
    {
        string draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new StreamWriter(draft, options);
        file.WriteLine(content);
        return draft;
    }
}
