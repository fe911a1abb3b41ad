using System.Text;
using System.Text.Json;
using Impetus.Tests;

namespace Impetus.EndToEnd.Tests;

/// <summary>Files in, passages out, over real HTTP, with the real reader process, SQLite and embedding model.</summary>
public sealed class LibraryTests : IAsyncLifetime
{
    private LocalServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_was_uploaded_is_found_where_it_stands_and_what_was_deleted_is_gone_from_the_file()
    {
        string[] names = ["reportlab_chapters.pdf", "python_docx_structure.docx", "front_matter.md"];
        var expected = ExpectedSentences(names);
        foreach (string name in names)
            await UploadAndFollowAsync(name, expected[name]);

        Assert.True(await FilesHoldAsync(expected["front_matter.md"][0].Text));

        foreach (var document in (await _server.GetAsync("/v1/documents")).GetProperty("data").EnumerateArray())
            await _server.DeleteAsync($"/v1/documents/{document.GetProperty("id").GetString()}");

        Assert.Empty((await _server.GetAsync("/v1/documents")).GetProperty("data").EnumerateArray());
        foreach (var sentence in expected.Values.SelectMany(sentences => sentences))
        {
            var found = await _server.PostAsync("/v1/search", $$"""{"query": {{JsonString(sentence.Text)}}}""");
            Assert.Empty(found.GetProperty("data").EnumerateArray());
        }

        foreach (var sentence in expected.Values.SelectMany(sentences => sentences))
            Assert.False(await FilesHoldAsync(sentence.Text), sentence.Text);
    }

    private async Task UploadAndFollowAsync(string file, IReadOnlyList<(string Text, int? Page)> sentences)
    {
        var added = await _server.UploadAsync(file);
        Assert.Equal("created", added.GetProperty("outcome").GetString());
        string id = added.GetProperty("id").GetString()!;
        Assert.NotEmpty(sentences);
        foreach (var (text, page) in sentences)
        {
            var found = await _server.PostAsync("/v1/search", $$"""{"query": {{JsonString(text)}}, "top_k": 3, "filters": {"documents": ["{{id}}"] } }""");
            var result = found.GetProperty("data").EnumerateArray()
                .First(result => OneLine(result.GetProperty("text").GetString()!).Contains(OneLine(text), StringComparison.Ordinal));
            if (page is not null)
                Assert.InRange(page.Value, result.GetProperty("page").GetInt32(), result.GetProperty("last_page").GetInt32());
            var content = await _server.GetAsync(
                $"/v1/documents/{id}/content?start={result.GetProperty("start").GetInt32()}&end={result.GetProperty("end").GetInt32()}");
            Assert.Equal(result.GetProperty("text").GetString(), content.GetProperty("text").GetString());
        }
    }

    /// <summary>For each golden file, sentences that it holds and the page on which they stand.</summary>
    private static Dictionary<string, IReadOnlyList<(string Text, int? Page)>> ExpectedSentences(string[] names)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Fixture.Path("documents", "expected.json")));
        return golden.RootElement.EnumerateArray()
            .Where(file => names.Contains(file.GetProperty("file").GetString()))
            .ToDictionary(
                file => file.GetProperty("file").GetString()!,
                file => (IReadOnlyList<(string, int?)>)[.. file.GetProperty("sentences").EnumerateArray().Take(4).Select(sentence => (
                    sentence.GetProperty("text").GetString()!,
                    sentence.TryGetProperty("page", out var page) && page.ValueKind == JsonValueKind.Number ? page.GetInt32() : (int?)null))]);
    }

    /// <summary>Whether the beginning of a sentence can be read in the database's bytes.</summary>
    private async Task<bool> FilesHoldAsync(string sentence)
    {
        byte[] beginning = Encoding.UTF8.GetBytes(sentence[..20]);
        foreach (string path in _server.LibraryFiles)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes);
            if (bytes.AsSpan().IndexOf(beginning) >= 0)
                return true;
        }

        return false;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string JsonString(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
