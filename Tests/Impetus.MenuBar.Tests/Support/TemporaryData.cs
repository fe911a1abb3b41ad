using Impetus.Server.Hosting;

namespace Impetus.MenuBar.Tests.Support;

/// <summary>A data directory that goes with the test.</summary>
internal sealed class TemporaryData : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("impetus-menu-");

    public DataDirectory Data => DataDirectory.Locate(_folder.FullName, _ => null);

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
