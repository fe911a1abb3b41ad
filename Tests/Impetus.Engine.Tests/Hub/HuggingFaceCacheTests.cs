using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Impetus.Engine.Tests.Weights;

namespace Impetus.Engine.Tests.Hub;

public sealed class HuggingFaceCacheTests : IDisposable
{
    private static readonly string Bert = Fixture.Path("encoders", "bert-mean");

    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void The_commit_of_main_is_the_model_whatever_came_later()
    {
        var repository = new HuggingFaceRepository(_cache.Path, "test-org/bert").Download(Bert, "aaaa").Download(Bert, "bbbb").Refer("main", "aaaa").Refer("v2", "bbbb");
        Directory.SetLastWriteTimeUtc(repository.Snapshot("bbbb"), DateTime.UtcNow.AddHours(1));
        var found = Assert.Single(HuggingFaceCache.Find(_cache.Path));
        Assert.Equal(new FoundModel("test-org/bert", repository.Snapshot("aaaa"), ModelOrigin.HuggingFace, "aaaa"), found);
        Assert.Null(ModelInspection.Read(found.Folder).Fault);
    }

    [Theory]
    [InlineData("cccc")]
    [InlineData("../../../elsewhere")]
    [InlineData("")]
    public void Without_the_commit_of_main_the_newest_one_is_the_model(string main)
    {
        var repository = new HuggingFaceRepository(_cache.Path, "test-org/bert").Download(Bert, "aaaa").Download(Bert, "bbbb").Refer("main", main);
        Directory.SetLastWriteTimeUtc(repository.Snapshot("aaaa"), DateTime.UtcNow.AddHours(1));
        Assert.Equal("aaaa", Assert.Single(HuggingFaceCache.Find(_cache.Path)).Revision);
    }

    [Fact]
    public void What_is_no_model_is_passed_over()
    {
        new HuggingFaceRepository(_cache.Path, "test-org/bert").Download(Bert).Refer();
        Directory.CreateDirectory(Path.Combine(_cache.Path, "datasets--squad", "snapshots", "aaaa"));
        Directory.CreateDirectory(Path.Combine(_cache.Path, ".locks", "models--test-org--bert"));
        Directory.CreateDirectory(Path.Combine(_cache.Path, "models--asked-about--only", ".no_exist", "aaaa"));
        Directory.CreateDirectory(Path.Combine(_cache.Path, "models--", "snapshots", "aaaa"));
        Directory.CreateDirectory(Path.Combine(_cache.Path, "models--bad--na me", "snapshots", "aaaa"));
        File.WriteAllText(Path.Combine(_cache.Path, "version.txt"), "1");
        Assert.Equal("test-org/bert", Assert.Single(HuggingFaceCache.Find(_cache.Path)).Id);
        Assert.Empty(HuggingFaceCache.Find(Path.Combine(_cache.Path, "none")));
    }

    [Theory]
    [InlineData("models--mlx-community--Qwen2.5-0.5B-4bit", "mlx-community/Qwen2.5-0.5B-4bit")]
    [InlineData("models--gpt2", "local/gpt2")]
    [InlineData("datasets--a--b", null)]
    [InlineData("models--a--b/c", null)]
    [InlineData("models--..--b", null)]
    public void A_folder_s_name_tells_the_id(string folder, string? id) => Assert.Equal(id, HuggingFaceCache.IdOf(folder));

    [Fact]
    public void An_interrupted_download_names_what_is_missing_and_how_far_it_is()
    {
        var repository = new HuggingFaceRepository(_cache.Path, "test-org/bert").Download(Bert, except: "model.safetensors").Refer();
        repository.Begin(3_000_000);
        string fault = ModelInspection.Read(repository.Snapshot()).Fault!;
        Assert.Contains("not complete", fault, StringComparison.Ordinal);
        Assert.Contains("one file is half-way (3 MB so far)", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        var repository = new HuggingFaceRepository(_cache.Path, "test-org/llama").Download(Fixture.Path("decoders", "llama"), except: ["model.safetensors", "model.safetensors.index.json"]);
        repository.Put("model.safetensors.index.json", """{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}"""u8.ToArray());
        repository.Put("model-00001-of-00002.safetensors", File.ReadAllBytes(Fixture.Path("decoders", "llama", "model.safetensors")));
        Assert.Equal("model-00002-of-00002.safetensors is missing. Download it again.", ModelInspection.Read(repository.Snapshot()).Fault);
        repository.Begin(1_000_000);
        Assert.StartsWith("The download is not complete: model-00002-of-00002.safetensors is missing", ModelInspection.Read(repository.Snapshot()).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_whose_blob_was_deleted_is_told_and_sizes_are_those_of_blobs()
    {
        var repository = new HuggingFaceRepository(_cache.Path, "test-org/bert").Download(Bert, except: "model.safetensors");
        byte[] weights = File.ReadAllBytes(Path.Combine(Bert, "model.safetensors"));
        string blob = repository.Put("model.safetensors", weights);
        Assert.Equal(weights.Length, ModelInspection.Read(repository.Snapshot()).WeightBytes);
        File.Delete(blob);
        Assert.Equal(
            $"model.safetensors leads to {Path.GetFileName(blob)}, which is gone. Download it again.", ModelInspection.Read(repository.Snapshot()).Fault);
    }

    [Fact]
    public void A_reranker_is_one_by_its_name_in_the_cache_too()
    {
        var repository = new HuggingFaceRepository(_cache.Path, "Qwen/Qwen3-Reranker-0.6B").Download(Fixture.Path("rerankers", "qwen3-reranker")).Refer();
        Assert.True(Reranker.IsFor(repository.Snapshot()));
        Assert.Equal("Qwen/Qwen3-Reranker-0.6B", ModelId.OfFolder(repository.Snapshot()));
    }

    [Theory]
    [InlineData("/cache", "/elsewhere", "/cache")]
    [InlineData(null, "/elsewhere", "/elsewhere/hub")]
    [InlineData(null, null, "/home/me/.cache/huggingface/hub")]
    public void The_cache_is_where_the_variables_say(string? cache, string? home, string expected) =>
        Assert.Equal(expected, HuggingFaceCache.Locate(name => name == "HF_HUB_CACHE" ? cache : name == "HF_HOME" ? home : null, "/home/me"));
}
