using System.Net;
using System.Text.Json;
using Impetus.Server.Documents;
using Impetus.Server.Hosting;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Documents;

/// <summary>The routes of the library, with the starter embedding model and the real reader process.</summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private HttpClient Client => _server.Client;

    public async ValueTask InitializeAsync() => _server = await RunningServer.InMemoryAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_text_is_found_at_its_code_points()
    {
        var added = await AddAsync("""{"text": "😀 Harbours are 😀 deep.\n\nRoofs are flat.", "title": "Notes", "source": "mine"}""");
        string id = added.Text("id");
        Assert.Equal("created", added.Text("outcome"));
        Assert.Equal("Notes", added.GetProperty("document").Text("title"));

        var found = await OkAsync(await Client.PostJsonAsync("/v1/search", """{"query": "how deep is the harbour?", "mode": "words"}"""));
        var result = Assert.Single(found.GetProperty("data").EnumerateArray());
        Assert.Equal(id, result.Text("document_id"));
        Assert.Equal("mine", result.Text("source"));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("page").ValueKind);
        Assert.Equal(0, result.GetProperty("start").GetInt32());
        Assert.Equal(39, result.GetProperty("end").GetInt32());
        var part = await OkAsync(await Client.GetAsync($"/v1/documents/{id}/content?start=2&end=17"));
        Assert.Equal("Harbours are 😀 ", part.Text("text"));
    }

    [Fact]
    public async Task The_same_bytes_are_kept_once_and_the_same_source_is_replaced()
    {
        string first = (await AddAsync("""{"text": "one harbour", "source": "a"}""")).Text("id");
        var again = await AddAsync("""{"text": "one harbour", "source": "a"}""");
        Assert.Equal(("unchanged", first), (again.Text("outcome"), again.Text("id")));
        var newer = await AddAsync("""{"text": "two harbours", "source": "a"}""");
        Assert.Equal("replaced", newer.Text("outcome"));
        await (await Client.GetAsync($"/v1/documents/{first}")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Single((await OkAsync(await Client.GetAsync("/v1/documents"))).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_request_with_the_same_key_gets_the_first_document_and_other_content_is_refused()
    {
        string first = (await OkAsync(await AddWithKeyAsync("k1", "one harbour"), HttpStatusCode.Created)).Text("id");
        Assert.Equal(first, (await OkAsync(await AddWithKeyAsync("k1", "one harbour"), HttpStatusCode.Created)).Text("id"));
        await (await AddWithKeyAsync("k1", "two harbours")).ErrorAsync(HttpStatusCode.Conflict, "conflict");
        await (await AddWithKeyAsync(new string('k', 256), "one harbour")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
    }

    [Theory]
    [InlineData("encrypted_user_password.pdf", "encrypted")]
    [InlineData("scan_image_only.pdf", "no_text")]
    [InlineData("truncated.docx", "damaged")]
    [InlineData("empty.txt", "empty")]
    public async Task A_file_that_cannot_be_read_says_why_and_leaves_nothing(string file, string code)
    {
        var error = await (await UploadAsync(Form(file))).ErrorAsync(HttpStatusCode.UnprocessableEntity, code);
        Assert.StartsWith(file, error.Text("message"), StringComparison.Ordinal);
        Assert.Empty((await OkAsync(await Client.GetAsync("/v1/documents"))).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_form_is_held_to_the_same_fields_as_json()
    {
        using var form = Form("utf8.txt");
        form.Add(new StringContent("papers"), "collection");
        form.Add(new StringContent("""{"year": 1858}"""), "metadata");
        form.Add(new StringContent("?"), "colour");
        var response = await UploadAsync(form);
        Assert.Equal("colour", Assert.Single(response.Headers.GetValues("Impetus-Ignored-Fields")));
        var document = (await OkAsync(response, HttpStatusCode.Created)).GetProperty("document");
        Assert.Equal("papers", document.Text("collection"));
        Assert.Equal("utf8.txt", document.Text("name"));
        Assert.Equal(1858, document.GetProperty("metadata").GetProperty("year").GetInt32());

        using var two = Form("utf8.txt");
        two.Add(new ByteArrayContent([65]), "file", "b.txt");
        two.Add(new StringContent("mine"), "source");
        Assert.Equal("source", (await (await UploadAsync(two)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value")).Text("param"));
        using var bad = Form("utf8.txt");
        bad.Add(new StringContent("{"), "metadata");
        Assert.Equal("metadata", (await (await UploadAsync(bad)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value")).Text("param"));
        using var none = new MultipartFormDataContent { { new StringContent("papers"), "collection" } };
        await (await UploadAsync(none)).ErrorAsync(HttpStatusCode.BadRequest, "missing_required_parameter");
        using var broken = new ByteArrayContent("--x\r\nnothing"u8.ToArray());
        broken.Headers.Add("Content-Type", "multipart/form-data; boundary=x");
        await (await Client.PostAsync("/v1/documents", broken)).ErrorAsync(HttpStatusCode.BadRequest, "invalid_form");
    }

    [Fact]
    public async Task A_large_document_is_added_by_a_job_that_tells_its_progress()
    {
        // Many bytes, and little to embed.
        string text = $"A harbour.{string.Concat(Enumerable.Repeat("\\n", DocumentEndpoints.MaxBytesAtOnce))}A roof.";
        var response = await Client.PostJsonAsync("/v1/documents", $$"""{"text": "{{text}}"}""");
        var queued = await OkAsync(response, HttpStatusCode.Accepted);
        Assert.Equal("queued", queued.Text("outcome"));
        using var watch = new HttpRequestMessage(HttpMethod.Get, response.Headers.Location);
        watch.Headers.Accept.ParseAdd("text/event-stream");
        string[] events = (await (await Client.SendAsync(watch)).Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        using var last = JsonDocument.Parse(events[^2]["data: ".Length..]);
        Assert.Equal("succeeded", last.RootElement.Text("status"));
        var document = await OkAsync(await Client.GetAsync($"/v1/documents/{last.RootElement.Text("document_id")}"));
        Assert.Equal(last.RootElement.GetProperty("chunks_done").GetInt32(), document.GetProperty("chunks").GetInt32());
        await (await Client.DeleteAsync(response.Headers.Location)).ErrorAsync(HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task Several_files_of_one_form_get_a_job_each_and_one_that_fails_harms_no_other()
    {
        using var form = Form("utf8.txt");
        form.Add(new ByteArrayContent("PK, and no archive"u8.ToArray()), "file", "broken.docx");
        form.Add(new ByteArrayContent("A roof."u8.ToArray()), "file", "roof.txt");
        form.Add(new StringContent("mixed"), "collection");
        var queued = await OkAsync(await UploadAsync(form), HttpStatusCode.Accepted);
        Assert.Equal("queued", queued.Text("outcome"));
        var ended = new List<JsonElement>();
        foreach (var job in queued.GetProperty("jobs").EnumerateArray())
        {
            using var watch = new HttpRequestMessage(HttpMethod.Get, $"/v1/documents/jobs/{job.Text("id")}");
            watch.Headers.Accept.ParseAdd("text/event-stream");
            string[] events = (await (await Client.SendAsync(watch)).Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            ended.Add(JsonElement.Parse(events[^2]["data: ".Length..]));
        }

        Assert.Equal(["succeeded", "failed", "succeeded"], ended.Select(job => job.Text("status")));
        Assert.Equal("broken.docx", Assert.Single(ended[1].GetProperty("failures").EnumerateArray()).Text("source"));
        var documents = (await OkAsync(await Client.GetAsync("/v1/documents?collection=mixed"))).GetProperty("data").EnumerateArray();
        Assert.Equal(["roof.txt", "utf8.txt"], documents.Select(document => document.Text("name")).Order());
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        for (int i = 0; i < 3; i++)
            await AddAsync($$"""{"text": "harbour {{i}}"}""");
        var first = await OkAsync(await Client.GetAsync("/v1/documents?limit=2"));
        Assert.Equal(2, first.GetProperty("data").GetArrayLength());
        Assert.True(first.GetProperty("has_more").GetBoolean());
        var second = await OkAsync(await Client.GetAsync($"/v1/documents?limit=2&after={first.Text("next")}"));
        Assert.Single(second.GetProperty("data").EnumerateArray());
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.Equal("limit", (await (await Client.GetAsync("/v1/documents?limit=0")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value")).Text("param"));
        Assert.Equal("limit", (await (await Client.GetAsync("/v1/documents?limit=x")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value")).Text("param"));
        await (await Client.GetAsync("/v1/documents?collection=none")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Metadata_decides_what_is_searched()
    {
        await AddAsync("""{"text": "the old harbour", "metadata": {"year": 1858, "kind": "letter"}}""");
        await AddAsync("""{"text": "the new harbour", "metadata": {"year": 1990, "kind": "note"}}""");
        Assert.Equal(["the new harbour"], await FindAsync("""{"metadata": {"year": {"gte": 1900}}}"""));
        Assert.Equal(["the old harbour"], await FindAsync("""{"metadata": {"kind": ["letter", "card"]}}"""));
        Assert.Equal(["the old harbour"], await FindAsync("""{"metadata": {"kind": "letter", "year": {"lt": 1900}}, "modified_from": 0}"""));
        Assert.Empty(await FindAsync("""{"modified_before": "2000-01-01"}"""));
    }

    [Theory]
    [InlineData("""{"rerank": true}""", "rerank", "no_reranker")]
    [InlineData("""{"mode": "magic"}""", "mode", "invalid_value")]
    [InlineData("""{"top_k": 101}""", "top_k", "invalid_value")]
    [InlineData("""{"filters": {"metadata": {"a": {"like": 1}}}}""", "filters.metadata.a.like", "unsupported_parameter")]
    [InlineData("""{"filters": {"metadata": {"a": {"in": 1}}}}""", "filters.metadata.a.in", "invalid_value")]
    [InlineData("""{"filters": {"modified_from": "soon"}}""", "filters.modified_from", "invalid_value")]
    [InlineData("""{"collections": ["a/b", 3]}""", "collections[1]", "invalid_value")]
    public async Task A_wrong_field_of_a_search_is_named(string fields, string param, string code)
    {
        var error = await (await Client.PostJsonAsync("/v1/search", $$"""{"query": "a", {{fields[1..]}}""")).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Equal(param, error.Text("param"));
    }

    [Fact]
    public async Task Collections_are_made_listed_embedded_anew_and_deleted()
    {
        var made = await OkAsync(
            await Client.PostJsonAsync("/v1/collections", """{"name": "log book", "chunk_length": 200, "metadata": {"a": 1}}"""), HttpStatusCode.Created);
        Assert.Equal(384, made.GetProperty("dimensions").GetInt32());
        await (await Client.PostJsonAsync("/v1/collections", """{"name": "log book"}""")).ErrorAsync(HttpStatusCode.Conflict, "conflict");
        await (await Client.PostJsonAsync("/v1/collections", """{"name": "b", "embedding_model": "no/such"}""")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
        await (await Client.PostJsonAsync("/v1/collections", """{"name": "a/b"}""")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");

        await AddAsync("""{"text": "the old harbour", "collection": "log book"}""");
        var job = await OkAsync(await Client.PostJsonAsync("/v1/collections/log%20book/reindex", "{}"), HttpStatusCode.Accepted);
        Assert.Equal("reindex", job.Text("kind"));
        Assert.Equal(1, (await OkAsync(await Client.GetAsync("/v1/collections/log%20book"))).GetProperty("documents").GetInt32());
        Assert.Single((await OkAsync(await Client.GetAsync("/v1/collections"))).GetProperty("data").EnumerateArray());

        await OkAsync(await Client.DeleteAsync("/v1/collections/log%20book"));
        await (await Client.DeleteAsync("/v1/collections/log%20book")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await OkAsync(await Client.GetAsync("/v1/documents"))).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_library_that_another_server_holds_is_a_503_and_leaves_the_rest()
    {
        await OkAsync(await Client.GetAsync("/v1/documents"));
        await using var second = await RunningServer.InMemoryAsync(settings => settings with
        {
            Data = DataDirectory.Locate(_server.Home.Path, _ => null),
        });
        var response = await second.Client.GetAsync("/v1/documents");
        await response.ErrorAsync(HttpStatusCode.ServiceUnavailable, "library_locked");
        Assert.NotNull(response.Headers.RetryAfter);
        await OkAsync(await second.Client.GetAsync("/v1/models"));
    }

    private async Task<string[]> FindAsync(string filters)
    {
        var found = await OkAsync(await Client.PostJsonAsync("/v1/search", $$"""{"query": "harbour", "filters": {{filters}} }"""));
        return [.. found.GetProperty("data").EnumerateArray().Select(result => result.Text("text"))];
    }

    private async Task<JsonElement> AddAsync(string body) => await OkAsync(await Client.PostJsonAsync("/v1/documents", body), HttpStatusCode.Created);

    private Task<HttpResponseMessage> AddWithKeyAsync(string key, string text)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/documents") { Content = HttpExtensions.Json($$"""{"text": "{{text}}"}""") };
        request.Headers.Add("Idempotency-Key", key);
        return Client.SendAsync(request);
    }

    private Task<HttpResponseMessage> UploadAsync(MultipartFormDataContent form) => Client.PostAsync("/v1/documents", form);

    private static MultipartFormDataContent Form(string file) =>
        new() { { new ByteArrayContent(File.ReadAllBytes(Fixture.Path("documents", file))), "file", file } };

    private static async Task<JsonElement> OkAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return await response.JsonAsync();
    }
}
