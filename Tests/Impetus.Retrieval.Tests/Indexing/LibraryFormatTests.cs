using System.IO.Compression;
using System.Text;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;

namespace Impetus.Retrieval.Tests.Indexing;

public sealed class LibraryFormatTests
{
    public static TheoryData<string> OldLibraries() => [.. Directory.GetFiles(Fixture.Path("library"), "*.db.gz").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(OldLibraries))]
    public async Task An_old_library_opens_and_all_in_it_is_found(string name)
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.CloseAsync();
        await using (var old = new GZipStream(File.OpenRead(Fixture.Path("library", name)), CompressionMode.Decompress))
        await using (var file = File.Create(temporary.File))
            await old.CopyToAsync(file);

        await temporary.OpenAsync();
        var moa = (await temporary.Library.SearchAsync(new("Which bird died out?") { Collections = ["documents"] })).Results[0];
        Assert.Equal(("moa.txt", "/notes/moa.txt", 1, 2), (moa.Title, moa.Source, moa.FirstPage, moa.LastPage));
        Assert.NotNull(moa.Scores.Dense);
        Assert.Equal("zh.txt", (await temporary.Library.SearchAsync(new("防守") { Collections = ["中文"], Mode = SearchMode.FullText })).Results[0].Title);
        if (name != "format-1.db.gz")
        {
            // From the second format on, files are kept.
            var kept = Assert.Single(temporary.Library.Files.List().Items);
            Assert.Equal("Harbours are deep.", Encoding.UTF8.GetString(temporary.Library.Files.Content(kept.Id)!));
            Assert.Equal(AttachmentStatus.Completed, temporary.Library.Files.FindAttached("中文", kept.Id)!.Status);
        }

        Assert.NotNull(await temporary.Library.Files.AddAsync(new NewFile("a.txt", Encoding.UTF8.GetBytes("A roof."), "assistants")));
        await temporary.AddAsync("new.txt", "New documents go in beside the old.");
        Assert.Empty(await temporary.Library.CheckAsync());
    }
}
