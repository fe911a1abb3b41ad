using Impetus.Engine.Hub;
using Impetus.Engine.Tests.Weights;

namespace Impetus.Engine.Tests.Hub;

public sealed class ModelTreeTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Organisations_hold_models_as_LM_Studio_keeps_them()
    {
        Make("mlx-community/Qwen2.5-0.5B-4bit/config.json");
        Make("lmstudio-community/gemma-GGUF/gemma-Q4_K_M.gguf");
        Make("lmstudio-community/empty/notes.txt");
        Make(".hidden/model/config.json");
        Make("bad name/model/config.json");
        Assert.Equal(["lmstudio-community/gemma-GGUF", "mlx-community/Qwen2.5-0.5B-4bit"], Ids(_root.Path));
    }

    [Fact]
    public void A_model_s_own_folder_is_one_model() => Assert.Equal(["local/my-model"], Ids(Path.GetDirectoryName(Make("my model/config.json"))!));

    [Fact]
    public void A_folder_of_models_without_organisations_is_read_too()
    {
        Make("one/config.json");
        Make("two/model.safetensors");
        Assert.Equal(["local/one", "local/two"], Ids(_root.Path));
    }

    [Fact]
    public void A_cache_a_repository_and_a_snapshot_of_Hugging_Face_are_known_by_their_names()
    {
        var repository = new HuggingFaceRepository(_root.Path, "test-org/bert").Download(Fixture.Path("encoders", "bert-mean")).Refer();
        foreach (string place in (string[])[_root.Path, repository.Folder, repository.Snapshot()])
            Assert.Equal(new FoundModel("test-org/bert", repository.Snapshot(), ModelOrigin.Added, HuggingFaceRepository.Commit), Assert.Single(ModelTree.Find(place, ModelOrigin.Added)));
    }

    [Fact]
    public void A_folder_that_is_not_there_holds_nothing() => Assert.Empty(Ids(Path.Combine(_root.Path, "none")));

    [Theory]
    [InlineData("/", "local/model")]
    [InlineData("/models/Größe 7B/", "local/Gr--e-7B")]
    [InlineData("/models/..hidden", "local/hidden")]
    public void A_lone_folder_s_id_is_always_valid(string folder, string id)
    {
        Assert.Equal(id, ModelId.OfLoneFolder(folder));
        Assert.True(ModelId.IsValid(id));
    }

    private static IEnumerable<string> Ids(string folder) => ModelTree.Find(folder, ModelOrigin.LmStudio).Select(model => model.Id).Order(StringComparer.Ordinal);

    private string Make(string path)
    {
        string file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "{}");
        return file;
    }
}
