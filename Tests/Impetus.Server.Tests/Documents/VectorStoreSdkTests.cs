#pragma warning disable OPENAI001 // The client calls its vector stores an evaluation; their requests are those of the API.

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Impetus.Server.Tests.Support;
using OpenAI;
using OpenAI.Files;
using OpenAI.VectorStores;

namespace Impetus.Server.Tests.Documents;

/// <summary>OpenAI's own clients for files and vector stores, unchanged, against a running server with the starter embedding model.</summary>
public sealed class VectorStoreSdkTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private OpenAIClient Client => field ??= new(
        new ApiKeyCredential(_server.Server.Keys.First),
        new OpenAIClientOptions { Endpoint = new(_server.Server.Address, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    private OpenAIFileClient Files => Client.GetOpenAIFileClient();

    private VectorStoreClient Stores => Client.GetVectorStoreClient();

    public async ValueTask InitializeAsync() => _server = await RunningServer.OnSocketsAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_file_is_kept_listed_read_and_deleted()
    {
        OpenAIFile file = await UploadAsync("harbour.txt", "Harbours are deep.");
        Assert.Equal(("harbour.txt", 18L, FilePurpose.Assistants), (file.Filename, file.SizeInBytesLong!.Value, file.Purpose));
        Assert.Equal(file.Id, ((OpenAIFile)await Files.GetFileAsync(file.Id)).Id);
        Assert.Equal([file.Id], ((OpenAIFileCollection)await Files.GetFilesAsync(FilePurpose.Assistants)).Select(f => f.Id));
        Assert.Equal("Harbours are deep.", ((BinaryData)await Files.DownloadFileAsync(file.Id)).ToString());
        Assert.True(((FileDeletionResult)await Files.DeleteFileAsync(file.Id)).Deleted);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => Files.GetFileAsync(file.Id));
        Assert.Equal(404, gone.Status);
        Assert.Empty((OpenAIFileCollection)await Files.GetFilesAsync());
    }

    [Fact]
    public async Task A_store_is_made_changed_listed_and_deleted()
    {
        VectorStore made = await Stores.CreateVectorStoreAsync(new VectorStoreCreationOptions { Name = "papers", Metadata = { ["owner"] = "Ada" } });
        VectorStore unnamed = await Stores.CreateVectorStoreAsync();
        Assert.Equal(("papers", "Ada", VectorStoreStatus.Completed), (made.Name, made.Metadata["owner"], made.Status));
        VectorStore changed = await Stores.ModifyVectorStoreAsync(made.Id, new VectorStoreModificationOptions { Name = "letters", Metadata = { ["owner"] = "Bob" } });
        Assert.Equal((made.Id, "letters", "Bob"), (changed.Id, changed.Name, changed.Metadata["owner"]));
        Assert.Equal("letters", ((VectorStore)await Stores.GetVectorStoreAsync(made.Id)).Name);
        var listed = await Stores.GetVectorStoresAsync(new VectorStoreCollectionOptions { PageSizeLimit = 1 }).Select(store => store.Id).ToListAsync();
        Assert.Equal([unnamed.Id, made.Id], listed);
        Assert.True(((VectorStoreDeletionResult)await Stores.DeleteVectorStoreAsync(made.Id)).Deleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Stores.GetVectorStoreAsync(made.Id))).Status);
    }

    [Fact]
    public async Task A_file_that_is_attached_is_found_and_is_not_when_it_is_taken_out()
    {
        OpenAIFile file = await UploadAsync("harbour.md", "# Harbours\n\nThe harbour of Rotterdam is the largest of Europe.");
        VectorStore store = await Stores.CreateVectorStoreAsync(new VectorStoreCreationOptions { Name = "ports", FileIds = { file.Id } });
        Assert.Equal(1, store.FileCounts.Total);
        var attached = await FinishedAsync(store.Id, file.Id);
        Assert.Equal((VectorStoreFileStatus.Completed, store.Id), (attached.Status, attached.VectorStoreId));
        VectorStore complete = await Stores.GetVectorStoreAsync(store.Id);
        Assert.Equal((VectorStoreStatus.Completed, 1, (int)file.SizeInBytesLong!.Value), (complete.Status, complete.FileCounts.Completed, complete.UsageBytes));

        var found = Assert.Single(await SearchAsync(store.Id, """{"query": "Which port is the largest?"}"""));
        Assert.Equal((file.Id, "harbour.md"), (found.Text("file_id"), found.Text("filename")));
        Assert.Contains("Rotterdam", found.GetProperty("content")[0].Text("text"), StringComparison.Ordinal);
        Assert.InRange(found.GetProperty("score").GetDouble(), 0, 1);

        Assert.True(((FileFromStoreRemovalResult)await Stores.RemoveFileFromVectorStoreAsync(store.Id, file.Id)).Removed);
        Assert.Empty(await SearchAsync(store.Id, """{"query": "Which port is the largest?"}"""));
        Assert.Equal(file.Id, ((OpenAIFile)await Files.GetFileAsync(file.Id)).Id);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Stores.GetVectorStoreFileAsync(store.Id, file.Id))).Status);
    }

    [Fact]
    public async Task A_batch_tells_which_of_its_files_failed_and_why()
    {
        OpenAIFile good = await UploadAsync("roof.txt", "Roofs are flat."), bad = await UploadAsync("empty.docx", "no archive");
        VectorStore store = await Stores.CreateVectorStoreAsync();
        VectorStoreFileBatch batch = await Stores.AddFileBatchToVectorStoreAsync(store.Id, [good.Id, bad.Id]);
        await FinishedAsync(store.Id, good.Id);
        var failed = await FinishedAsync(store.Id, bad.Id);
        Assert.Equal((VectorStoreFileStatus.Failed, VectorStoreFileErrorCode.InvalidFile), (failed.Status, failed.LastError.Code));
        batch = await Stores.GetVectorStoreFileBatchAsync(store.Id, batch.BatchId);
        Assert.Equal((VectorStoreFileBatchStatus.Completed, 1, 1, 2), (batch.Status, batch.FileCounts.Completed, batch.FileCounts.Failed, batch.FileCounts.Total));
        var ofBatch = await Stores.GetVectorStoreFilesInBatchAsync(store.Id, batch.BatchId, new() { Filter = VectorStoreFileStatusFilter.Failed }).Select(f => f.FileId).ToListAsync();
        Assert.Equal([bad.Id], ofBatch);
        var inStore = await Stores.GetVectorStoreFilesAsync(store.Id, new() { PageSizeLimit = 1, Order = VectorStoreFileCollectionOrder.Ascending }).Select(f => f.FileId).ToListAsync();
        Assert.Equal(new[] { good.Id, bad.Id }.Order(), inStore.Order());
        await Stores.CancelVectorStoreFileBatchAsync(store.Id, batch.BatchId);
        // A failed file can be taken out, too.
        await Stores.RemoveFileFromVectorStoreAsync(store.Id, bad.Id);
        Assert.Equal(1, ((VectorStore)await Stores.GetVectorStoreAsync(store.Id)).FileCounts.Total);
    }

    [Fact]
    public async Task A_file_that_is_deleted_leaves_all_stores()
    {
        OpenAIFile file = await UploadAsync("roof.txt", "Roofs are flat.");
        VectorStore one = await Stores.CreateVectorStoreAsync(), two = await Stores.CreateVectorStoreAsync();
        foreach (var store in new[] { one, two })
        {
            await Stores.AddFileToVectorStoreAsync(store.Id, file.Id);
            await FinishedAsync(store.Id, file.Id);
        }

        await Files.DeleteFileAsync(file.Id);
        foreach (var store in new[] { one, two })
        {
            Assert.Empty(await SearchAsync(store.Id, """{"query": "flat roofs"}"""));
            Assert.Equal(0, ((VectorStore)await Stores.GetVectorStoreAsync(store.Id)).FileCounts.Total);
        }
    }

    private Task<ClientResult<OpenAIFile>> UploadAsync(string name, string text) =>
        Files.UploadFileAsync(BinaryData.FromString(text), name, FileUploadPurpose.Assistants);

    private async Task<VectorStoreFile> FinishedAsync(string store, string file)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            VectorStoreFile now = await Stores.GetVectorStoreFileAsync(store, file, deadline.Token);
            if (now.Status != VectorStoreFileStatus.InProgress)
                return now;
            await Task.Delay(20, deadline.Token);
        }
    }

    // This version of the client has no method for search; its pipeline sends the request all the same.
    private async Task<List<JsonElement>> SearchAsync(string store, string body)
    {
        using var message = Stores.Pipeline.CreateMessage();
        message.Request.Method = "POST";
        message.Request.Uri = new Uri(_server.Server.Address, $"v1/vector_stores/{store}/search");
        message.Request.Headers.Set("Content-Type", "application/json");
        message.Request.Content = BinaryContent.Create(BinaryData.FromString(body));
        await Stores.Pipeline.SendAsync(message);
        Assert.Equal(200, message.Response!.Status);
        return [.. JsonElement.Parse(message.Response.Content).GetProperty("data").EnumerateArray()];
    }
}
