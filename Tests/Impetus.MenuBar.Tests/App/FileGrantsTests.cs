using System.Text;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Tests.Support;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Impetus.MenuBar.Tests.App;

public sealed class FileGrantsTests : IDisposable
{
    private readonly TemporaryData _home = new();
    private readonly IBookmarks _bookmarks = Substitute.For<IBookmarks>();
    private readonly string _folder;

    public FileGrantsTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_home.Path, "Manuals")).FullName;
        _bookmarks.Create(default!).ReturnsForAnyArgs(call => Encoding.UTF8.GetBytes(call.Arg<string>()));
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_folder_is_open_while_the_app_runs_and_again_after_a_restart()
    {
        var now = Access(_folder);
        using (var grants = new FileGrants(_bookmarks, _home.Data))
        {
            grants.Open(_folder).Dispose();
            grants.Open(_folder).Dispose();
            Assert.Equal([_folder], grants.Folders);
            now.DidNotReceive().Dispose();
        }

        now.Received(1).Dispose();

        var later = Access(_folder);
        var restarted = new FileGrants(_bookmarks, _home.Data);
        restarted.Restore();
        _bookmarks.Received(2).Open(Arg.Is<byte[]>(bookmark => Encoding.UTF8.GetString(bookmark) == _folder));
        later.DidNotReceive().Dispose();
        Assert.Equal([_folder], restarted.Folders);
        restarted.Dispose();
        later.Received(1).Dispose();
    }

    [Fact]
    public void A_folder_that_is_forgotten_is_closed_and_stays_so_after_a_restart()
    {
        var access = Access(_folder);
        using (var grants = new FileGrants(_bookmarks, _home.Data))
        {
            grants.Open(_folder).Dispose();
            grants.Forget(_folder);
            access.Received(1).Dispose();
            Assert.Empty(grants.Folders);
            grants.Forget("/never/given");
        }

        using var restarted = new FileGrants(_bookmarks, _home.Data);
        restarted.Restore();
        Assert.Empty(restarted.Folders);
        access.Received(1).Dispose();
    }

    [Fact]
    public void A_file_needs_no_bookmark()
    {
        string file = Path.Combine(_folder, "a.md");
        File.WriteAllText(file, "a");
        using var grants = new FileGrants(_bookmarks, _home.Data);
        grants.Open(file).Dispose();
        _bookmarks.DidNotReceiveWithAnyArgs().Create(default!);
    }

    [Fact]
    public void What_has_moved_is_remembered_at_its_new_place()
    {
        Access(_folder);
        using var grants = new FileGrants(_bookmarks, _home.Data);
        grants.Open(_folder).Dispose();

        Access("/Volumes/Archive/Manuals", isStale: true);
        using var restarted = new FileGrants(_bookmarks, _home.Data);
        restarted.Restore();
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(_home.Data.State, "bookmarks")));
        Assert.Equal("/Volumes/Archive/Manuals", File.ReadAllText(kept));
    }

    [Fact]
    public void What_is_gone_is_forgotten_and_keeps_nothing_else_closed()
    {
        Access(_folder);
        using var grants = new FileGrants(_bookmarks, _home.Data);
        grants.Open(_folder).Dispose();
        _bookmarks.Open(default!).ThrowsForAnyArgs(new IOException("gone"));
        using var restarted = new FileGrants(_bookmarks, _home.Data);
        restarted.Restore();
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Data.State, "bookmarks")));
    }

    private IBookmarkAccess Access(string path, bool isStale = false)
    {
        var access = Substitute.For<IBookmarkAccess>();
        access.Path.Returns(path);
        access.IsStale.Returns(isStale);
        _bookmarks.Open(default!).ReturnsForAnyArgs(access);
        return access;
    }
}
