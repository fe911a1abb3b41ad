using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Impetus.MenuBar.Tests.App;

public sealed class V1DataTests : IDisposable
{
    private readonly TemporaryData _old = new();
    private readonly TemporaryData _home = new();

    public void Dispose()
    {
        _old.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Models_are_copied_under_their_ids_and_the_old_ones_stay()
    {
        Model("models/mlx-community_Llama-3.2-3B-Instruct-4bit");
        Model("models/downloads/mlx-community/Qwen3-4B");
        Model("models/mine");
        Write("models/old/weights.gguf", "gguf");
        var found = V1Data.Find(_old.Path);
        Assert.Equal(
            ["local/mine", "mlx-community/Llama-3.2-3B-Instruct-4bit", "mlx-community/Qwen3-4B"],
            found.Models.Select(model => model.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["old"], found.Unusable);

        Assert.Equal(3, await found.CopyModelsAsync(_home.Data, TestContext.Current.CancellationToken));
        Assert.Equal("weights", File.ReadAllText(Path.Combine(_home.Data.Models, "mlx-community", "Qwen3-4B", "model.safetensors")));
        Assert.True(File.Exists(Path.Combine(_old.Path, "models", "mine", "config.json")));
        Assert.Equal(0, await found.CopyModelsAsync(_home.Data, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_link_into_a_cache_is_copied_as_its_file()
    {
        Model("models/a_b");
        string blob = Write("cache/blob", "linked");
        File.CreateSymbolicLink(Path.Combine(_old.Path, "models", "a_b", "tokenizer.json"), blob);
        await V1Data.Find(_old.Path).CopyModelsAsync(_home.Data, TestContext.Current.CancellationToken);
        var copy = new FileInfo(Path.Combine(_home.Data.Models, "a", "b", "tokenizer.json"));
        Assert.Null(copy.LinkTarget);
        Assert.Equal("linked", File.ReadAllText(copy.FullName));
    }

    [Fact]
    public async Task A_copy_that_fails_leaves_nothing_half()
    {
        Model("models/a_b");
        File.CreateSymbolicLink(Path.Combine(_old.Path, "models", "a_b", "tokenizer.json"), Path.Combine(_old.Path, "gone"));
        await Assert.ThrowsAnyAsync<IOException>(() => V1Data.Find(_old.Path).CopyModelsAsync(_home.Data, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Data.Models));
    }

    [Theory]
    [InlineData("""{"performance_mode": "Efficiency Mode"}""", "Efficiency")]
    [InlineData("""{"performance_mode": "Performance Mode", "more": 1}""", "Performance")]
    [InlineData("""{"performance_mode": "Ludicrous Mode"}""", null)]
    [InlineData("""{"performance_mode": 7}""", null)]
    [InlineData("not json", null)]
    public void The_mode_is_taken_over_where_there_is_one(string json, string? mode)
    {
        Write("com.gerdsenai.impetus.json", json);
        Assert.Equal(mode, V1Data.Find(_old.Path).Mode?.ToString());
    }

    [Fact]
    public void A_folder_of_something_else_holds_nothing()
    {
        Write("notes.txt", "hello");
        Assert.True(V1Data.Find(_old.Path).IsEmpty);
    }

    [Fact]
    public void Documents_are_put_together_from_their_chunks()
    {
        string chroma = Chroma(
            ("documents", "handbook.txt", 1, "over the lazy dog. It slept."),
            ("documents", "handbook.txt", 0, "The quick brown fox jumps over the lazy dog."),
            ("documents", "handbook.txt", 2, "Another paragraph."),
            ("letters", null, null, "Dear Ada,"));
        Assert.Equal(chroma, V1Data.Find(_old.Path).Chroma);
        var documents = V1Documents.Read(chroma);
        Assert.Equal(
            [
                new("The quick brown fox jumps over the lazy dog. It slept.\nAnother paragraph.") { Name = "handbook.txt" },
                new IngestionItem.FromText("Dear Ada,"),
            ],
            documents);
        Assert.Equal(["handbook.txt", "Dear Ada,"], documents.Select(document => document.Title));
    }

    [Fact]
    public void A_file_that_is_no_database_is_said()
    {
        string path = Write("vectorstore/chroma.sqlite3", "this is no database, and long enough to be looked at as one: " + new string('x', 200));
        Assert.Contains("no database of documents", Assert.Throws<IOException>(() => V1Documents.Read(path)).Message, StringComparison.Ordinal);
    }

    private void Model(string folder)
    {
        Write($"{folder}/config.json", "{}");
        Write($"{folder}/model.safetensors", "weights");
    }

    private string Write(string path, string text)
    {
        string file = Path.Combine(_old.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A database with the tables of Chroma that hold documents.</summary>
    private string Chroma(params (string Collection, string? Source, int? Position, string Text)[] chunks)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_old.Path, "vectorstore")).FullName, "chroma.sqlite3");
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        void Run(string sql, params object?[] values)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
                command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
            command.ExecuteNonQuery();
        }

        Run("""
            CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT);
            CREATE TABLE segments (id TEXT PRIMARY KEY, type TEXT, scope TEXT, collection TEXT);
            CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT, embedding_id TEXT);
            CREATE TABLE embedding_metadata (id INTEGER, key TEXT, string_value TEXT, int_value INTEGER, float_value REAL, bool_value INTEGER, PRIMARY KEY (id, key));
            """);
        foreach (string name in chunks.Select(chunk => chunk.Collection).Distinct())
        {
            Run("INSERT INTO collections VALUES ($1, $2)", "c-" + name, name);
            Run("INSERT INTO segments VALUES ($1, 'metadata', 'METADATA', $2)", "s-" + name, "c-" + name);
        }

        for (int i = 0; i < chunks.Length; i++)
        {
            Run("INSERT INTO embeddings VALUES ($1, $2, $3)", i + 1, "s-" + chunks[i].Collection, $"e{i}");
            Run("INSERT INTO embedding_metadata (id, key, string_value) VALUES ($1, 'chroma:document', $2)", i + 1, chunks[i].Text);
            if (chunks[i].Source is { } source)
                Run("INSERT INTO embedding_metadata (id, key, string_value) VALUES ($1, 'source', $2)", i + 1, source);
            if (chunks[i].Position is { } position)
                Run("INSERT INTO embedding_metadata (id, key, int_value) VALUES ($1, 'chunk_index', $2)", i + 1, position);
        }

        return path;
    }
}
