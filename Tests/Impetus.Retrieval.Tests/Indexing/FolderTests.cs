using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Tests.Indexing;

public sealed class FolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("impetus-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string path, string text)
    {
        string full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    [Fact]
    public async Task A_folder_is_added_with_all_below_it_but_what_is_ignored()
    {
        Write("a.txt", "Alpha.");
        Write("deep/er/b.txt", "Beta.");
        Write("deep/c.log", "A log.");
        Write("deep/keep.log", "A log that is kept.");
        Write("build/d.txt", "Built.");
        Write("deep/build/e.txt", "Built as well.");
        Write("node_modules/f.txt", "Not ours.");
        Write(".hidden/g.txt", "Hidden.");
        Write("deep/.gitignore", "*.log\n!keep.log\n# a comment\n");
        Write(".gitignore", "/build/\n");
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var end = await DocumentLibraryTests.EndAsync(temporary.Library, (await temporary.Library.EnqueueAsync(new FolderSource(_folder))).Id);
        Assert.Equal((JobState.Succeeded, 4, 4), (end.State, end.DocumentsDone, end.DocumentsTotal));
        Assert.Equal(
            ["a.txt", "deep/build/e.txt", "deep/er/b.txt", "deep/keep.log"],
            temporary.Library.List().Items.Select(document => Path.GetRelativePath(_folder, document.Source!).Replace('\\', '/')).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("*.txt", "x/a.txt", true)]
    [InlineData("/a.txt", "x/a.txt", false)]
    [InlineData("x/*.txt", "x/y/a.txt", false)]
    [InlineData("x/**/a.txt", "x/y/z/a.txt", true)]
    [InlineData("x/**/a.txt", "x/a.txt", true)]
    [InlineData("**/y", "x/y/a.txt", true)]
    [InlineData("a.t?t", "a.txt", true)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[!a-c].txt", "b.txt", false)]
    [InlineData("a+(b.txt", "a+(b.txt", true)]
    [InlineData("b.txt/", "b.txt", false)]
    public void Ignore_patterns_mean_what_git_means(string pattern, string path, bool ignored)
    {
        string file = Write(path, "");
        Assert.Equal(!ignored, FolderScan.IsWanted(new FolderSource(_folder) { Ignore = [pattern] }, file));
        Assert.Equal(!ignored, FolderScan.Files(new FolderSource(_folder) { Ignore = [pattern] }).Contains(file));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_listed_and_the_others_are_added()
    {
        string bad = Write("bad.pdf", "%unreadable");
        Write("good.txt", "Good.");
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var end = await DocumentLibraryTests.EndAsync(temporary.Library, (await temporary.Library.EnqueueAsync(new FolderSource(_folder))).Id);
        Assert.Equal(new IngestFailure(bad, "damaged", "This file is damaged."), Assert.Single(end.Failures));
        Assert.Equal(end.Failures, temporary.Library.FindJob(end.Id)!.Failures);
        Assert.Equal("good.txt", Assert.Single(temporary.Library.List().Items).Name);
    }

    [Fact]
    public async Task A_watched_folder_is_followed_through_writing_changing_and_deleting()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await using var watch = temporary.Library.Watch(new FolderSource(_folder), TimeSpan.FromMilliseconds(50));
        await UntilAsync(watch, () => Write("a.txt", "First."), change => change.Added?.Outcome == AddOutcome.Created);
        var changed = await UntilAsync(watch, () => Write("a.txt", "Second."), change => change.Added?.Outcome == AddOutcome.Replaced);
        Assert.Equal("Second.", temporary.Library.Content(changed.Added!.Document.Id));
        Assert.Single(temporary.Library.List().Items);
        await UntilAsync(watch, () => File.Delete(Path.Combine(_folder, "a.txt")), change => change.Deleted == 1);
        Assert.Empty(temporary.Library.List().Items);
    }

    private static async Task<FolderChange> UntilAsync(FolderWatch watch, Action change, Predicate<FolderChange> isExpected)
    {
        var next = new TaskCompletionSource<FolderChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(FolderChange seen)
        {
            if (isExpected(seen))
                next.TrySetResult(seen);
        }

        watch.Changed += Note;
        change();
        var result = await next.Task.WaitAsync(TimeSpan.FromMinutes(1));
        watch.Changed -= Note;
        return result;
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var fault = await Assert.ThrowsAsync<LibraryException>(() => temporary.Library.EnqueueAsync(new FolderSource(Path.Combine(_folder, "none"))));
        Assert.Equal(LibraryFault.NotFound, fault.Fault);
    }
}
