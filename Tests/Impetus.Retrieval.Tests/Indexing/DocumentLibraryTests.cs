using System.Text;
using System.Text.Json;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;

namespace Impetus.Retrieval.Tests.Indexing;

public sealed class DocumentLibraryTests
{
    [Fact]
    public async Task An_added_document_is_found_with_its_page_its_code_points_and_its_text()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        const string Text = "Trains 😀 run on rails.\fThe moa was a flightless bird of New Zealand.";
        var added = await temporary.AddAsync("birds.txt", Text, source: "/birds.txt");
        Assert.Equal(AddOutcome.Created, added.Outcome);

        var library = temporary.Library;
        var found = Assert.Single((await library.SearchAsync(new("flightless birds"))).Results);
        Assert.Equal((added.Document.Id, "birds.txt", "/birds.txt", 1, 2), (found.DocumentId, found.Title, found.Source, found.FirstPage, found.LastPage));
        string content = library.Content(found.DocumentId)!;
        Assert.Equal(Text, content);
        var runes = content.EnumerateRunes().ToList();
        Assert.Equal(found.Text, string.Concat(runes.GetRange(found.Start, found.End - found.Start)));
        Assert.NotNull(found.Scores.FullText);
        Assert.NotNull(found.Scores.Dense);
        Assert.Equal(runes.Count, library.Get(found.DocumentId)!.Characters);
        Assert.Equal(found.Text, Assert.Single(library.Chunks(found.DocumentId)!.Items).Text);
    }

    [Fact]
    public async Task Documents_survive_the_process()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var added = await temporary.AddAsync("a.txt", "The library keeps what it has acknowledged.");
        await temporary.ReopenAsync();
        Assert.Equivalent(added.Document, temporary.Library.Get(added.Document.Id));
        Assert.Equal(added.Document.Id, (await temporary.Library.SearchAsync(new("acknowledged"))).Results[0].DocumentId);
        Assert.Empty(await temporary.Library.CheckAsync());
    }

    [Fact]
    public async Task The_same_bytes_are_not_new_whatever_they_are_called()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var first = await temporary.AddAsync("a.txt", "One and the same.", source: "a");
        var second = await temporary.AddAsync("b.txt", "One and the same.", source: "b");
        Assert.Equal((AddOutcome.Unchanged, first.Document.Id), (second.Outcome, second.Document.Id));
        Assert.Equal(1, temporary.Library.FindCollection("documents")!.Documents);
    }

    [Fact]
    public async Task The_same_source_again_replaces_what_it_held()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var old = await temporary.AddAsync("a.txt", "Apples are red.", source: "a");
        var current = await temporary.AddAsync("a.txt", "Bananas are yellow.", source: "a");
        Assert.Equal(AddOutcome.Replaced, current.Outcome);
        Assert.Null(temporary.Library.Get(old.Document.Id));
        Assert.Equal(current.Document.Id, Assert.Single(temporary.Library.List().Items).Id);
        Assert.Equal([current.Document.Id], (await temporary.Library.SearchAsync(new("apples bananas"))).Results.Select(result => result.DocumentId));
    }

    [Fact]
    public async Task A_document_that_two_sources_hold_goes_with_the_last_of_them()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var shared = await temporary.AddAsync("a.txt", "Shared words.", source: "a");
        await temporary.AddAsync("b.txt", "Shared words.", source: "b");
        await temporary.AddAsync("a.txt", "Other words.", source: "a");
        Assert.NotNull(temporary.Library.Get(shared.Document.Id));
        await temporary.AddAsync("b.txt", "Still other words.", source: "b");
        Assert.Null(temporary.Library.Get(shared.Document.Id));
    }

    [Fact]
    public async Task What_is_deleted_is_found_no_more_and_is_gone_from_the_files()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        for (int i = 0; i < 30; i++)
            await temporary.AddAsync($"{i}.txt", $"Ordinary document number {i} about gardens and rivers.");
        string secret = string.Join(" ", Enumerable.Range(0, 400).Select(i => $"Zanzibarquux{i} plumwhistle."));
        var added = await temporary.AddAsync("secret.txt", secret);
        await temporary.Library.SearchAsync(new("plumwhistle"));
        Assert.True(FilesContain(temporary.Folder, "zanzibarquux"));

        Assert.True(await temporary.Library.DeleteAsync(added.Document.Id));
        Assert.False(await temporary.Library.DeleteAsync(added.Document.Id));
        Assert.DoesNotContain((await temporary.Library.SearchAsync(new("plumwhistle gardens"))).Results, result => result.DocumentId == added.Document.Id);
        await temporary.Library.PurgeAsync();
        Assert.False(FilesContain(temporary.Folder, "zanzibarquux"));
        Assert.False(FilesContain(temporary.Folder, "plumwhistl"));
        Assert.Empty(await temporary.Library.CheckAsync());
        Assert.Equal(30, temporary.Library.FindCollection("documents")!.Documents);
    }

    private static bool FilesContain(string folder, string word) => Directory.GetFiles(folder, "library.db*").Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes).Contains(word, StringComparison.OrdinalIgnoreCase);
    });

    [Fact]
    public async Task A_collection_keeps_its_embedding_model_until_it_is_reindexed()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var library = temporary.Library;
        await library.CreateCollectionAsync(new("notes") { EmbeddingModel = "fake/small" });
        var conflict = await Assert.ThrowsAsync<LibraryException>(() => library.CreateCollectionAsync(new("notes") { EmbeddingModel = "fake/large" }));
        Assert.Equal(LibraryFault.Conflict, conflict.Fault);
        await temporary.AddAsync("a.txt", "The kettle whistles.", collection: "notes");

        var job = await library.ReindexAsync("notes", "fake/large");
        Assert.Equal(JobState.Succeeded, (await EndAsync(library, job.Id)).State);
        Assert.Equal(("fake/large", 48), (library.FindCollection("notes")!.EmbeddingModel, library.FindCollection("notes")!.Dimensions));
        Assert.NotNull((await library.SearchAsync(new("kettle"))).Results[0].Scores.Dense);
        await temporary.AddAsync("b.txt", "The pot boils.", collection: "notes");
        Assert.Equal(2, (await library.SearchAsync(new("pot") { Mode = SearchMode.Dense })).Results.Count);
        Assert.Empty(await library.CheckAsync());
    }

    [Fact]
    public async Task A_reindexing_that_was_interrupted_embeds_only_what_is_missing()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        int chunks = (await temporary.AddAsync("long.txt", Long(4_000))).Document.Chunks;
        var reached = new TaskCompletionSource();
        temporary.Models.Large.Before = (call, _) =>
        {
            if (call < 9)
                return Task.CompletedTask;
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, new CancellationTokenSource(TimeSpan.FromMilliseconds(200)).Token);
        };
        var job = await temporary.Library.ReindexAsync("documents", "fake/large");
        await reached.Task;
        Assert.NotEmpty((await temporary.Library.SearchAsync(new("sentence") { Mode = SearchMode.Dense })).Results);
        await temporary.CloseAsync();

        temporary.Models.Large.Before = null;
        Assert.InRange(temporary.Models.Large.Texts, 1, chunks - 1);
        await temporary.OpenAsync();
        Assert.Equal(JobState.Succeeded, (await EndAsync(temporary.Library, job.Id)).State);
        Assert.Equal(chunks, temporary.Models.Large.Texts);
        Assert.Equal("fake/large", temporary.Library.FindCollection("documents")!.EmbeddingModel);
        Assert.Empty(await temporary.Library.CheckAsync());
    }

    [Fact]
    public async Task A_queued_document_is_added_by_its_job_and_its_steps_can_be_watched()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var job = await temporary.Library.EnqueueAsync(TemporaryLibrary.Document("long.txt", Long(300)));
        var end = await EndAsync(temporary.Library, job.Id);
        Assert.Equal((JobState.Succeeded, 1, 1), (end.State, end.DocumentsDone, end.DocumentsTotal));
        Assert.Equal(temporary.Library.Get(end.DocumentId!)!.Chunks, end.ChunksDone);
        Assert.Equal(end.ChunksTotal, end.ChunksDone);
    }

    [Fact]
    public async Task A_job_that_was_interrupted_goes_on_after_its_last_batch()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var reached = new TaskCompletionSource();
        temporary.Models.Small.Before = (call, cancellationToken) =>
        {
            if (call < 9)
                return Task.CompletedTask;
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, new CancellationTokenSource(TimeSpan.FromMilliseconds(200)).Token);
        };
        var job = await temporary.Library.EnqueueAsync(TemporaryLibrary.Document("long.txt", Long(4_000)));
        await reached.Task;
        Assert.Empty(temporary.Library.List().Items);
        Assert.Empty((await temporary.Library.SearchAsync(new("sentence") { Mode = SearchMode.FullText })).Results);
        await temporary.CloseAsync();

        temporary.Models.Small.Before = null;
        int before = temporary.Models.Small.Texts;
        await temporary.OpenAsync();
        var end = await EndAsync(temporary.Library, job.Id);
        Assert.Equal(JobState.Succeeded, end.State);
        Assert.Equal(128, before);
        Assert.Equal(end.ChunksTotal, temporary.Models.Small.Texts);
        Assert.Empty(await temporary.Library.CheckAsync());
    }

    [Fact]
    public async Task A_failed_document_leaves_its_reason_and_nothing_else()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var fault = await Assert.ThrowsAsync<LibraryException>(() => temporary.AddAsync("bad.pdf", "%unreadable"));
        Assert.Equal(("damaged", LibraryFault.Unreadable), (fault.Code, fault.Fault));
        var end = await EndAsync(temporary.Library, (await temporary.Library.EnqueueAsync(TemporaryLibrary.Document("bad.pdf", "%unreadable"))).Id);
        Assert.Equal((JobState.Failed, "This file is damaged."), (end.State, end.Error));
        Assert.Empty(temporary.Library.List().Items);
    }

    [Fact]
    public async Task An_idempotency_key_answers_once_and_refuses_other_content()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var request = TemporaryLibrary.Document("a.txt", "Once only.") with { IdempotencyKey = "k1" };
        var first = await temporary.Library.AddAsync(request);
        Assert.Equal(first.Document.Id, (await temporary.Library.AddAsync(request)).Document.Id);
        var other = TemporaryLibrary.Document("a.txt", "Something else.") with { IdempotencyKey = "k1" };
        Assert.Equal(LibraryFault.Conflict, (await Assert.ThrowsAsync<LibraryException>(() => temporary.Library.AddAsync(other))).Fault);
    }

    [Fact]
    public async Task Listings_come_in_pages_newest_first()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        for (int i = 0; i < 5; i++)
            await temporary.AddAsync($"{i}.txt", $"Text {i}.");
        var names = new List<string>();
        string? after = null;
        do
        {
            var page = temporary.Library.List("documents", 2, after);
            names.AddRange(page.Items.Select(document => document.Name));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"], names);
    }

    [Fact]
    public async Task A_deleted_collection_is_gone_with_all_that_it_held()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var added = await temporary.AddAsync("a.txt", "Quokkapotamus lives here.", collection: "zoo");
        await temporary.Library.SearchAsync(new("here"));
        Assert.True(await temporary.Library.DeleteCollectionAsync("zoo"));
        Assert.False(await temporary.Library.DeleteCollectionAsync("zoo"));
        Assert.Null(temporary.Library.Get(added.Document.Id));
        await temporary.Library.PurgeAsync();
        Assert.False(FilesContain(temporary.Folder, "quokkapotamus"));
        Assert.Empty(await temporary.Library.CheckAsync());
    }

    [Fact]
    public async Task Many_at_once_are_all_added_once()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var added = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => temporary.AddAsync($"{i}.txt", $"Document number {i % 40}.")));
        Assert.Equal(40, added.Select(result => result.Document.Id).Distinct().Count());
        Assert.Equal(40, temporary.Library.FindCollection("documents")!.Documents);
        Assert.Empty(await temporary.Library.CheckAsync());
    }

    [Fact]
    public async Task A_metadata_object_is_kept_and_anything_else_refused()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var metadata = JsonDocument.Parse("""{"author": "Ada"}""").RootElement;
        var added = await temporary.Library.AddAsync(TemporaryLibrary.Document("a.txt", "Notes.") with { Metadata = metadata });
        Assert.Equal("Ada", temporary.Library.Get(added.Document.Id)!.Metadata!.Value.GetProperty("author").GetString());
        var list = TemporaryLibrary.Document("b.txt", "More.") with { Metadata = JsonDocument.Parse("[1]").RootElement };
        Assert.Equal(LibraryFault.InvalidRequest, (await Assert.ThrowsAsync<LibraryException>(() => temporary.Library.AddAsync(list))).Fault);
    }

    internal static string Long(int sentences) =>
        string.Join(" ", Enumerable.Range(0, sentences).Select(i => $"This is sentence number {i} of a long document."));

    internal static async Task<IngestJob> EndAsync(DocumentLibrary library, string job)
    {
        IngestJob? last = null;
        await foreach (var step in library.WatchJobAsync(job, new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token))
            last = step;
        return last!;
    }
}
