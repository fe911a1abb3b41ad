using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Impetus.MenuBar.Tests.App;

public sealed class WatchedFoldersTests : IDisposable
{
    private readonly IFileAccess _files = Substitute.For<IFileAccess>();
    private readonly INotifications _shown = Substitute.For<INotifications>();
    private readonly IDocumentIngestor _library = Substitute.For<IDocumentIngestor>();
    private readonly FakeTimeProvider _time = new();
    private readonly Notifier _notifier;
    private readonly WatchedFolders _folders;

    public WatchedFoldersTests()
    {
        _notifier = new(_shown, new Strings(new CultureInfo("en")), () => true, _time);
        _folders = new(_files, _notifier);
        _files.Folders.Returns(["/a", "/b"]);
    }

    public void Dispose() => _notifier.Dispose();

    [Fact]
    public async Task All_that_is_remembered_is_followed_in_each_server_once()
    {
        await _folders.FollowAsync(_library);
        await _folders.FollowAsync(_library);
        await _library.Received(1).FollowAsync("/a");
        await _library.Received(1).FollowAsync("/b");
        var next = Substitute.For<IDocumentIngestor>();
        await _folders.FollowAsync((IDocumentIngestor?)null);
        await _folders.FollowAsync(next);
        await next.Received(1).FollowAsync("/a");
        Assert.Equal([new("/a", null), new("/b", null)], _folders.State);
    }

    [Fact]
    public async Task One_that_cannot_be_followed_says_why_and_keeps_no_other_from_it()
    {
        _library.FollowAsync("/a").ThrowsAsync(new LibraryException(LibraryFault.NotFound, "There is no folder /a."));
        await _folders.FollowAsync(_library);
        Assert.Equal([new("/a", "There is no folder /a."), new("/b", null)], _folders.State);
        await _library.Received(1).FollowAsync("/b");
        await _folders.FollowAsync((IDocumentIngestor?)null);
        Assert.Null(_folders.State[0].Fault);
    }

    [Fact]
    public async Task One_that_was_just_added_is_followed_if_it_is_remembered()
    {
        await _folders.FollowAsync("/a");
        await _folders.FollowAsync(_library);
        _files.Folders.Returns(["/a", "/b", "/c"]);
        await _folders.FollowAsync("/c");
        await _library.Received(1).FollowAsync("/c");
        await _folders.FollowAsync("/d");
        await _library.DidNotReceive().FollowAsync("/d");
    }

    [Fact]
    public async Task One_that_is_forgotten_is_followed_no_longer_with_a_server_and_without()
    {
        await _folders.ForgetAsync("/b");
        _files.Received(1).Forget("/b");
        await _folders.FollowAsync(_library);
        await _folders.ForgetAsync("/a");
        await _library.Received(1).UnfollowAsync("/a");
        _files.Received(1).Forget("/a");
    }

    [Fact]
    public async Task What_changes_is_said_together_and_what_is_gone_is_not_heard()
    {
        await _folders.FollowAsync(_library);
        _library.FolderChanged += Raise.Event<Action<FolderChange>>(new FolderChange("/a/secret.pdf", null, 0, new IngestFailure("/a/secret.pdf", "unreadable", "It is encrypted.")));
        _time.Advance(Notifier.Window);
        _shown.Received(1).Show(Arg.Is<Notification>(n => n.Body == "secret.pdf: It is encrypted."));
        await _folders.FollowAsync((IDocumentIngestor?)null);
        _folders.Changed += () => Assert.Fail("The old library was heard.");
        _library.FolderChanged += Raise.Event<Action<FolderChange>>(new FolderChange("/a/b", null, 1, null));
    }
}
