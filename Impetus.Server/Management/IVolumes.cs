namespace Impetus.Server.Management;

/// <summary>What a folder lies on.</summary>
public enum VolumeKind
{
    /// <summary>A disk of this machine, or nobody knows.</summary>
    Local,

    /// <summary>Another machine's: it can go away while a file is mapped, which ends the process.</summary>
    Network,
}

/// <summary>The volumes of this machine. Thread safe.</summary>
public interface IVolumes
{
    /// <summary>What a file or folder lies on, links followed.</summary>
    VolumeKind KindOf(string path);

    /// <summary>Bytes that can still be written beside a folder; null if nobody knows.</summary>
    long? FreeBytes(string folder);
}

/// <summary>The volumes as the operating system tells them.</summary>
internal sealed class Volumes : IVolumes
{
    public VolumeKind KindOf(string path) =>
        Ask(path, volume => volume.DriveType == DriveType.Network ? VolumeKind.Network : VolumeKind.Local) ?? VolumeKind.Local;

    public long? FreeBytes(string folder) => Ask(folder, volume => volume.AvailableFreeSpace);

    private static T? Ask<T>(string path, Func<DriveInfo, T> what) where T : struct
    {
        try
        {
            return what(new DriveInfo(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
