using System.Net;
using System.Text;
using System.Text.Json;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Documents;

/// <summary>Files and vector stores beside documents and collections: two doors, one library.</summary>
public sealed class VectorStoreTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private HttpClient Client => _server.Client;

    public async ValueTask InitializeAsync() => _server = await RunningServer.InMemoryAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_collection_is_a_store_and_its_documents_are_files_of_it()
    {
        var document = await PostAsync(
            "/v1/documents", """{"text": "Harbours are deep.", "name": "harbour.txt", "collection": "ports", "metadata": {"year": 1858, "deep": {"a": [1]}}}""");
        var store = Assert.Single((await GetAsync("/v1/vector_stores")).GetProperty("data").EnumerateArray());
        Assert.Equal("ports", store.Text("name"));
        string path = $"/v1/vector_stores/{store.Text("id")}";
        var file = Assert.Single((await GetAsync($"{path}/files")).GetProperty("data").EnumerateArray());
        Assert.Equal((document.Text("id"), document.Text("id"), "completed"), (file.Text("id"), file.Text("document_id"), file.Text("status")));
        Assert.Equal("{\"a\": [1]}", file.GetProperty("attributes").Text("deep"));
        Assert.Equal("Harbours are deep.", (await GetAsync($"{path}/files/{file.Text("id")}/content")).GetProperty("data")[0].Text("text"));
        var found = Assert.Single((await PostAsync($"{path}/search", """{"query": ["deep", "harbours"]}""")).GetProperty("data").EnumerateArray());
        Assert.Equal((document.Text("id"), "harbour.txt"), (found.Text("file_id"), found.Text("filename")));
        await Client.DeleteAsync($"{path}/files/{file.Text("id")}");
        await (await Client.GetAsync($"/v1/documents/{document.Text("id")}")).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Attributes_decide_what_is_found_and_can_be_replaced()
    {
        var store = await PostAsync("/v1/vector_stores", """{"name": "letters"}""");
        string path = $"/v1/vector_stores/{store.Text("id")}";
        string old = await UploadAsync("old.txt", "The old harbour."), recent = await UploadAsync("new.txt", "The new harbour.");
        var batch = await PostAsync(
            $"{path}/file_batches",
            $$$"""{"files": [{"file_id": "{{{old}}}", "attributes": {"year": 1858, "kind": "letter"}}, {"file_id": "{{{recent}}}", "attributes": {"year": 1990}}]}""");
        await FinishedAsync($"{path}/file_batches/{batch.Text("id")}");
        Assert.Equal([recent], await FindAsync("""{"type": "gte", "key": "year", "value": 1900}"""));
        Assert.Equal([old], await FindAsync("""{"type": "in", "key": "kind", "value": ["letter", "card"]}"""));
        Assert.Equal(
            [old],
            await FindAsync("""{"type": "and", "filters": [{"type": "eq", "key": "kind", "value": "letter"}, {"type": "or", "filters": [{"type": "lt", "key": "year", "value": 1900}]}]}"""));
        var changed = await PostAsync($"{path}/files/{old}", """{"attributes": {"year": 2001}}""");
        Assert.Equal(2001, changed.GetProperty("attributes").GetProperty("year").GetInt32());
        Assert.Equal(new[] { old, recent }.Order(), (await FindAsync("""{"type": "gte", "key": "year", "value": 1900}""")).Order());

        async Task<IEnumerable<string>> FindAsync(string filters) =>
            (await PostAsync($"{path}/search", $$"""{"query": "harbour", "filters": {{filters}}}""")).GetProperty("data").EnumerateArray().Select(f => f.Text("file_id"));
    }

    [Fact]
    public async Task The_same_bytes_under_two_ids_are_one_document_until_both_are_gone()
    {
        var store = await PostAsync("/v1/vector_stores", """{"name": "twins"}""");
        string path = $"/v1/vector_stores/{store.Text("id")}";
        string[] ids = [await UploadAsync("a.txt", "The old harbour."), await UploadAsync("b.txt", "The old harbour.")];
        foreach (string id in ids)
        {
            await PostAsync($"{path}/files", $$"""{"file_id": "{{id}}"}""");
            await FinishedAsync($"{path}/files/{id}");
        }

        Assert.Equal(2, (await GetAsync($"{path}/files")).GetProperty("data").GetArrayLength());
        await Client.DeleteAsync($"{path}/files/{ids[0]}");
        Assert.Equal(ids[1], Assert.Single((await PostAsync($"{path}/search", """{"query": "harbour"}""")).GetProperty("data").EnumerateArray()).Text("file_id"));
        await Client.DeleteAsync($"/v1/files/{ids[1]}");
        Assert.Empty((await PostAsync($"{path}/search", """{"query": "harbour"}""")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_deleted_store_leaves_the_file_which_no_browser_takes_for_a_page()
    {
        string id = await UploadAsync("page.html", "<script>alert(1)</script>");
        var store = await PostAsync("/v1/vector_stores", $$"""{"file_ids": ["{{id}}"]}""");
        await Client.DeleteAsync($"/v1/vector_stores/{store.Text("id")}");
        var content = await Client.GetAsync($"/v1/files/{id}/content");
        Assert.Equal("application/octet-stream", content.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("<script>alert(1)</script>", await content.Content.ReadAsStringAsync());
        await (await Client.GetAsync($"/v1/vector_stores/{store.Text("id")}")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("""{"expires_after": {"anchor": "last_active_at", "days": 7}}""", "expires_after", "unsupported_parameter")]
    [InlineData("""{"chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}}""", "chunking_strategy", "unsupported_parameter")]
    [InlineData("""{"metadata": {"a": 1}}""", "metadata.a", "invalid_value")]
    [InlineData("""{"name": "a/b"}""", "name", "invalid_value")]
    public async Task What_a_store_cannot_do_is_refused_by_name(string body, string param, string code)
    {
        var error = await (await Client.PostJsonAsync("/v1/vector_stores", body)).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Equal(param, error.Text("param"));
    }

    [Theory]
    [InlineData("""{"query": "a", "rewrite_query": true}""", "rewrite_query", "unsupported_parameter")]
    [InlineData("""{"query": "a", "ranking_options": {"score_threshold": 0.5}}""", "ranking_options.score_threshold", "unsupported_parameter")]
    [InlineData("""{"query": "a", "ranking_options": {"ranker": "default-2024-11-15"}}""", "ranking_options.ranker", "unsupported_parameter")]
    [InlineData("""{"query": "a", "max_num_results": 51}""", "max_num_results", "invalid_value")]
    [InlineData("""{"query": "a", "filters": {"type": "like", "key": "a", "value": 1}}""", "filters.type", "unsupported_parameter")]
    [InlineData("""{"query": "a", "filters": {"type": "eq", "value": 1}}""", "filters.key", "missing_required_parameter")]
    public async Task What_a_search_cannot_do_is_refused_by_name(string body, string param, string code)
    {
        var store = await PostAsync("/v1/vector_stores", "{}");
        var error = await (await Client.PostJsonAsync($"/v1/vector_stores/{store.Text("id")}/search", body)).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Equal(param, error.Text("param"));
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        var store = await PostAsync("/v1/vector_stores", """{"chunking_strategy": {"type": "auto"}, "expires_after": null}""");
        string path = $"/v1/vector_stores/{store.Text("id")}";
        await (await Client.PostJsonAsync($"{path}/files", """{"file_id": "file-none"}""")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await Client.PostJsonAsync($"{path}/file_batches", """{"file_ids": ["file-none"]}""")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await Client.PostJsonAsync("/v1/vector_stores", """{"name": "b", "file_ids": ["file-none"]}""")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await Client.GetAsync($"{path}/files/file-none")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await Client.GetAsync($"{path}/file_batches/vsfb_none")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await Client.GetAsync("/v1/vector_stores/vs_none")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        await (await Client.GetAsync("/v1/files/file-none/content")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Single((await GetAsync("/v1/vector_stores")).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("fine-tune", "purpose", "unsupported_parameter")]
    [InlineData(null, "purpose", "missing_required_parameter")]
    public async Task A_file_for_another_purpose_is_refused(string? purpose, string param, string code)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([65]), "file", "a.txt" } };
        if (purpose is not null)
            form.Add(new StringContent(purpose), "purpose");
        Assert.Equal(param, (await (await Client.PostAsync("/v1/files", form)).ErrorAsync(HttpStatusCode.BadRequest, code)).Text("param"));
    }

    private async Task<string> UploadAsync(string name, string text)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("assistants"), "purpose" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", name },
        };
        return (await (await Client.PostAsync("/v1/files", form)).JsonAsync()).Text("id");
    }

    private async Task<JsonElement> FinishedAsync(string path)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        JsonElement now;
        while ((now = await GetAsync(path)).Text("status") == "in_progress")
            await Task.Delay(20, deadline.Token);
        return now;
    }

    private async Task<JsonElement> GetAsync(string path) => await OkAsync(await Client.GetAsync(path));

    private async Task<JsonElement> PostAsync(string path, string body) => await OkAsync(await Client.PostJsonAsync(path, body));

    private static async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        var answer = await response.JsonAsync();
        Assert.True(response.IsSuccessStatusCode, answer.GetRawText());
        return answer;
    }
}
