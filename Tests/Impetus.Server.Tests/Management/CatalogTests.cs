using System.Net;
using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Observability;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Management;

/// <summary>What <c>GET /api/models</c> finds, and that it notices what changes.</summary>
public sealed class CatalogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryDirectory _user = new();

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task The_starter_models_are_found_with_all_that_is_known_of_them()
    {
        await using var server = await RunningServer.InMemoryAsync();
        var model = await ModelAsync(server, StarterModels.Chat);
        Assert.Equal("starter", model.Text("origin"));
        Assert.Equal("not_loaded", model.Text("state"));
        Assert.Equal("llama", model.Text("architecture"));
        Assert.Equal("4-bit affine, groups of 32", model.Text("quantization"));
        Assert.Equal(8192, model.GetProperty("context_length").GetInt32());
        Assert.Equal("Apache License", model.Text("licence"));
        Assert.True(model.GetProperty("can_run").GetBoolean());
        Assert.True(model.GetProperty("fits").GetBoolean());
        Assert.InRange(model.GetProperty("needed_bytes").GetInt64(), model.GetProperty("size_bytes").GetInt64(), 10 * model.GetProperty("size_bytes").GetInt64());
        Assert.Equal(["chat", "completion"], model.GetProperty("uses").EnumerateArray().Select(use => use.GetString()!));
        var one = await (await server.Client.GetAsync($"/api/models/{StarterModels.Chat.Replace("/", "%2F", StringComparison.Ordinal)}")).JsonAsync();
        Assert.Equal(model.GetRawText(), one.GetRawText());
        await (await server.Client.GetAsync("/api/models/nobody/nothing")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
    }

    [Fact]
    public async Task A_model_that_would_not_fit_says_so()
    {
        await using var server = await RunningServer.InMemoryAsync(settings => settings with { MemoryBytes = 1 << 20 }, time: new HandClock());
        var model = await ModelAsync(server, StarterModels.Chat);
        Assert.False(model.GetProperty("fits").GetBoolean());
        Assert.True(model.GetProperty("needed_bytes").GetInt64() > 1 << 20);
    }

    [Fact]
    public async Task A_model_of_Hugging_Face_s_cache_answers_when_it_is_allowed()
    {
        var repository = new HuggingFaceRepository(Path.Combine(_user.Path, ".cache", "huggingface", "hub"), "test-org/bert").Download(Fixture.Path("encoders", "bert-mean")).Refer();
        await using var server = await StartAsync(ModelOrigin.HuggingFace);
        var model = await ModelAsync(server, "test-org/bert");
        Assert.Equal(("huggingface", repository.Snapshot(), HuggingFaceRepository.Commit), (model.Text("origin"), model.Text("path"), model.Text("revision")));
        var answer = await server.Client.PostJsonAsync("/v1/embeddings", """{"model": "test-org/bert", "input": "a text"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var listed = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        Assert.Contains("test-org/bert", listed.GetProperty("data").EnumerateArray().Select(m => m.Text("id")));
    }

    [Fact]
    public async Task Models_of_others_are_left_alone_unless_they_are_allowed()
    {
        new HuggingFaceRepository(Path.Combine(_user.Path, ".cache", "huggingface", "hub"), "test-org/bert").Download(Fixture.Path("encoders", "bert-mean")).Refer();
        Copy(".lmstudio", "models", "test-org", "lm");
        await using var server = await StartAsync(ModelOrigin.LmStudio);
        var ids = (await ModelsAsync(server)).Select(m => m.Text("id")).ToList();
        Assert.Contains("test-org/lm", ids);
        Assert.DoesNotContain("test-org/bert", ids);
    }

    [Fact]
    public async Task Every_program_s_folders_are_found_and_what_cannot_run_says_why()
    {
        Copy(".lmstudio", "models", "pub", "a");
        Copy(".cache", "lm-studio", "models", "pub", "b");
        Copy("Documents", "huggingface", "models", "mlx-community", "c");
        Copy("MLXModels", "mlx-community", "d");
        Copy(".omlx", "models", "mlx-community", "e");
        Directory.CreateDirectory(_user.Combine(".lmstudio", "models", "pub", "g-GGUF"));
        File.WriteAllBytes(_user.Combine(".lmstudio", "models", "pub", "g-GGUF", "g-Q4_K_M.gguf"), new byte[1000]);
        await using var server = await StartAsync(ModelOrigin.LmStudio, ModelOrigin.Mlx);
        var models = (await ModelsAsync(server)).ToDictionary(m => m.Text("id"));
        Assert.Equal(("lmstudio", "lmstudio", "mlx"), (models["pub/a"].Text("origin"), models["pub/b"].Text("origin"), models["mlx-community/c"].Text("origin")));
        Assert.True(models["mlx-community/d"].GetProperty("can_run").GetBoolean() && models["mlx-community/e"].GetProperty("can_run").GetBoolean());
        Assert.False(models["pub/g-GGUF"].GetProperty("can_run").GetBoolean());
        Assert.Contains("GGUF", models["pub/g-GGUF"].Text("reason"), StringComparison.Ordinal);
        Assert.Equal(1000, models["pub/g-GGUF"].GetProperty("size_bytes").GetInt64());
        var listed = await (await server.Client.GetAsync("/v1/models")).JsonAsync();
        Assert.DoesNotContain("pub/g-GGUF", listed.GetProperty("data").EnumerateArray().Select(m => m.Text("id")));
    }

    [Fact]
    public async Task LM_Studio_s_folder_is_where_its_pointer_says()
    {
        Copy("elsewhere", "models", "pub", "moved");
        File.WriteAllText(_user.Combine(".lmstudio-home-pointer"), _user.Combine("elsewhere") + "\n");
        await using var server = await StartAsync(ModelOrigin.LmStudio);
        Assert.Equal("lmstudio", (await ModelAsync(server, "pub/moved")).Text("origin"));
    }

    [Fact]
    public async Task Of_two_copies_the_one_that_can_run_counts_and_the_other_is_told()
    {
        var repository = new HuggingFaceRepository(Path.Combine(_user.Path, ".cache", "huggingface", "hub"), "pub/twice")
            .Download(Fixture.Path("encoders", "bert-mean"), except: ["model.safetensors", "golden.safetensors"]).Refer();
        repository.Begin(1000);
        Copy(".lmstudio", "models", "pub", "twice");
        await using var server = await StartAsync(ModelOrigin.HuggingFace, ModelOrigin.LmStudio);
        var model = await ModelAsync(server, "pub/twice");
        Assert.Equal("lmstudio", model.Text("origin"));
        Assert.Equal([repository.Snapshot()], model.GetProperty("also_at").EnumerateArray().Select(path => path.GetString()!));
    }

    [Fact]
    public async Task A_model_that_comes_to_the_disk_changes_and_goes_is_noticed()
    {
        await using var server = await StartAsync(ModelOrigin.LmStudio);
        await using var events = server.Server.Services.GetRequiredService<EventFeed>().FollowAsync(null, TimeSpan.FromHours(1)).GetAsyncEnumerator();
        await NextAsync(events, "heartbeat");
        await server.Server.Services.GetRequiredService<ModelWatch>().Watching.WaitAsync(Patience);
        // Written elsewhere and moved, as programs that are careful do.
        string incoming = Copy("incoming", "new");
        Directory.CreateDirectory(Path.Combine(server.Home.Path, "models", "tests"));
        Directory.Move(incoming, Path.Combine(server.Home.Path, "models", "tests", "new"));
        Assert.Equal("found", await StateAsync(events, "tests/new"));
        File.WriteAllText(Path.Combine(server.Home.Path, "models", "tests", "new", "README.md"), "---\nlicense: mit\n---\n");
        Assert.Equal("changed", await StateAsync(events, "tests/new"));
        Assert.Equal("mit", (await ModelAsync(server, "tests/new")).Text("licence"));
        Directory.Delete(Path.Combine(server.Home.Path, "models", "tests", "new"), recursive: true);
        Assert.Equal("removed", await StateAsync(events, "tests/new"));
    }

    [Theory]
    [InlineData("all", "HuggingFace,LmStudio,Mlx")]
    [InlineData("none", "")]
    [InlineData("lmstudio, HuggingFace", "HuggingFace,LmStudio")]
    public void The_setting_names_whose_models_are_used(string value, string origins)
    {
        var settings = SettingsReader.Read(name => name == "other-models" ? value : name == "home" ? _user.Path : null, _ => null);
        Assert.Equal(origins, string.Join(",", settings.OtherModels.Order()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ollama")]
    [InlineData("installed")]
    [InlineData("mlx,nonsense")]
    [InlineData("3")]
    public void A_program_that_is_not_known_is_refused(string value) =>
        Assert.Throws<SettingsException>(() => SettingsReader.Read(name => name == "other-models" ? value : name == "home" ? _user.Path : null, _ => null));

    private static async Task<string> StateAsync(IAsyncEnumerator<ServerEvent> events, string id)
    {
        while (true)
        {
            var next = await NextAsync(events);
            if (next.Model?.Id == id)
                return next.Model.State;
        }
    }

    private static async Task<ServerEvent> NextAsync(IAsyncEnumerator<ServerEvent> events, string? kind = null)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        if (kind is not null)
            Assert.Equal(kind, events.Current.Kind);
        return events.Current;
    }

    private static async Task<List<JsonElement>> ModelsAsync(RunningServer server) =>
        [.. (await (await server.Client.GetAsync("/api/models")).JsonAsync()).GetProperty("data").EnumerateArray()];

    private static async Task<JsonElement> ModelAsync(RunningServer server, string id) => Assert.Single(await ModelsAsync(server), m => m.Text("id") == id);

    /// <summary>A server that takes the test's folder for the user's home.</summary>
    private Task<RunningServer> StartAsync(params ModelOrigin[] allowed) => RunningServer.InMemoryAsync(
        services: services => services.AddSingleton(provider =>
            new ModelPlaces(null, allowed.ToHashSet(), provider.GetRequiredService<AddedModels>(), _ => null, _user.Path)));

    private string Copy(params string[] to)
    {
        string folder = _user.Combine(to), from = Fixture.Path("encoders", "bert-mean");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }
}
