using System.Net;
using System.Text.Json;
using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Management;

/// <summary>Models are added where they lie or as copies, and removed without harm to what is not ours.</summary>
public sealed class ModelAdditionTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _user = new();
    private readonly FakeVolumes _volumes = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await RunningServer.InMemoryAsync(services: services => services.AddSingleton<IVolumes>(_volumes));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _user.Dispose();
    }

    [Fact]
    public async Task A_folder_is_used_where_it_lies_in_later_runs_too_and_forgotten_without_harm()
    {
        string folder = Copy("mine");
        var added = await AddAsync(folder);
        Assert.Equal(["local/mine"], added.GetProperty("models").EnumerateArray().Select(id => id.GetString()!));
        Assert.False(added.GetProperty("copied").GetBoolean());
        Assert.Equal(("added", folder), await PlaceAsync("local/mine"));
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.PostJsonAsync("/v1/embeddings", """{"model": "local/mine", "input": "a text"}""")).StatusCode);
        Assert.Equal(folder, ModelFolders.Of(new ServerSettings { Data = DataDirectory.Locate(_server.Home.Path, _ => null) }).Find("local/mine"));
        Assert.False(Directory.Exists(_server.Home.Combine("models", "local")));

        await using var other = await RunningServer.InMemoryAsync();
        await AddAsync(folder, server: other);
        var removed = await (await other.Client.DeleteAsync("/api/models/local/mine")).JsonAsync();
        Assert.False(removed.GetProperty("files_deleted").GetBoolean());
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
        await (await other.Client.GetAsync("/api/models/local/mine")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
    }

    [Fact]
    public async Task A_copy_is_the_data_directory_s_and_the_original_is_never_touched()
    {
        string folder = Copy("mine");
        Directory.CreateDirectory(_server.Home.Combine("models", ".incoming-left-by-a-crash"));
        var added = await AddAsync(folder, ", \"copy\": true, \"id\": \"my-org/bert\"");
        Assert.True(added.GetProperty("copied").GetBoolean());
        string copy = _server.Home.Combine("models", "my-org", "bert");
        Assert.Equal(("installed", copy), await PlaceAsync("my-org/bert"));
        Assert.Equal(Files(folder), Files(copy));
        Assert.Equal(["my-org"], Directory.GetDirectories(_server.Home.Combine("models")).Select(Path.GetFileName));

        var removed = await (await _server.Client.DeleteAsync("/api/models/my-org%2Fbert")).JsonAsync();
        Assert.True(removed.GetProperty("files_deleted").GetBoolean());
        Assert.Empty(Directory.GetFileSystemEntries(_server.Home.Combine("models")));
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.safetensors")]
    public async Task What_lies_on_a_network_volume_is_copied_first_and_says_so(string part)
    {
        string folder = Copy("far");
        _volumes.Remote = Path.TrimEndingDirectorySeparator(Path.Combine(folder, part));
        var added = await AddAsync(folder);
        Assert.True(added.GetProperty("copied").GetBoolean());
        Assert.Contains("network volume", added.Text("message"), StringComparison.Ordinal);
        Assert.Equal(("installed", _server.Home.Combine("models", "local", "far")), await PlaceAsync("local/far"));
    }

    [Fact]
    public async Task A_snapshot_of_Hugging_Face_s_cache_is_copied_without_its_links()
    {
        var repository = new HuggingFaceRepository(_user.Path, "test-org/bert").Download(Fixture.Path("encoders", "bert-mean")).Refer();
        await AddAsync(repository.Folder, ", \"copy\": true");
        string weights = _server.Home.Combine("models", "test-org", "bert", "model.safetensors");
        Assert.Null(new FileInfo(weights).LinkTarget);
        Assert.Equal(File.ReadAllBytes(Fixture.Path("encoders", "bert-mean", "model.safetensors")), File.ReadAllBytes(weights));
    }

    [Fact]
    public async Task A_folder_of_several_models_is_added_and_forgotten_as_a_whole()
    {
        Copy("org", "one");
        Copy("org", "two");
        Directory.CreateDirectory(_user.Combine("org", "three-GGUF"));
        File.WriteAllBytes(_user.Combine("org", "three-GGUF", "x.gguf"), [1]);
        var added = await AddAsync(_user.Path);
        Assert.Equal(["org/one", "org/two"], added.GetProperty("models").EnumerateArray().Select(id => id.GetString()!).Order());
        var refused = await (await _server.Client.DeleteAsync("/api/models/org/one")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        Assert.Contains($"added with 2 more", refused.Text("message"), StringComparison.Ordinal);
        await (await _server.Client.DeleteAsync($"/api/models?path={Uri.EscapeDataString(_user.Path)}")).JsonAsync();
        await (await _server.Client.GetAsync("/api/models/org/one")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");
        await (await _server.Client.DeleteAsync($"/api/models?path={Uri.EscapeDataString(_user.Path)}")).ErrorAsync(HttpStatusCode.NotFound, "not_found");
        Assert.True(File.Exists(_user.Combine("org", "one", "model.safetensors")));
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused()
    {
        await AddAsync(Copy("here", "mine"));
        var taken = await RefusedAsync(Copy("there", "mine"), "", HttpStatusCode.Conflict, "conflict");
        Assert.Contains(_user.Combine("here", "mine"), taken, StringComparison.Ordinal);
        await AddAsync(_user.Combine("there", "mine"), ", \"id\": \"local/other\"");
        Assert.Equal(_user.Combine("there", "mine"), (await PlaceAsync("local/other")).Path);
    }

    [Fact]
    public async Task What_is_no_model_or_cannot_run_is_refused_with_the_reason()
    {
        Assert.Contains("full path", await RefusedAsync("models/mine", "", HttpStatusCode.BadRequest, "invalid_value"), StringComparison.Ordinal);
        Assert.Contains("no folder", await RefusedAsync(_user.Combine("none"), "", HttpStatusCode.BadRequest, "invalid_value"), StringComparison.Ordinal);
        Assert.Contains("no model", await RefusedAsync(Directory.CreateDirectory(_user.Combine("empty")).FullName, "", HttpStatusCode.BadRequest, "invalid_value"), StringComparison.Ordinal);
        File.WriteAllBytes(_user.Combine("empty", "x-Q4.gguf"), [1]);
        Assert.Contains("GGUF", await RefusedAsync(_user.Combine("empty"), "", HttpStatusCode.BadRequest, "model_not_supported"), StringComparison.Ordinal);
        await RefusedAsync(Copy("mine"), ", \"id\": \"../x\"", HttpStatusCode.BadRequest, "invalid_value");
        Assert.Contains(
            "data directory", await RefusedAsync(_server.Install("bert", "encoders", "bert-mean"), "", HttpStatusCode.BadRequest, "invalid_value"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_has_no_room_is_refused_with_both_numbers_and_leaves_nothing()
    {
        _volumes.Free = 10;
        string message = await RefusedAsync(Copy("mine"), ", \"copy\": true", HttpStatusCode.InsufficientStorage, "disk_full");
        Assert.Contains(" MB are free", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_server.Home.Combine("models")));
    }

    [Fact]
    public async Task What_belongs_to_others_is_not_removed()
    {
        var starter = await (await _server.Client.DeleteAsync($"/api/models/{StarterModels.Chat}")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        Assert.Contains("belongs to the product", starter.Text("message"), StringComparison.Ordinal);
        Assert.NotNull(StarterModels.Find(StarterModels.Chat));
        await (await _server.Client.DeleteAsync("/api/models/no/body")).ErrorAsync(HttpStatusCode.NotFound, "model_not_found");

        var repository = new HuggingFaceRepository(Path.Combine(_user.Path, ".cache", "huggingface", "hub"), "test-org/bert").Download(Fixture.Path("encoders", "bert-mean")).Refer();
        await using var server = await RunningServer.InMemoryAsync(services: services => services.AddSingleton(provider =>
            new ModelPlaces(null, new HashSet<ModelOrigin> { ModelOrigin.HuggingFace }, provider.GetRequiredService<AddedModels>(), _ => null, _user.Path)));
        var theirs = await (await server.Client.DeleteAsync("/api/models/test-org/bert")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        Assert.Contains("Hugging Face's cache", theirs.Text("message"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(repository.Snapshot(), "model.safetensors")));
    }

    [Fact]
    public async Task A_model_in_memory_is_unloaded_before_it_is_removed()
    {
        string folder = _server.Install("bert", "encoders", "bert-mean");
        await _server.Client.PostJsonAsync("/v1/embeddings", """{"model": "tests/bert", "input": "a text"}""");
        await (await _server.Client.DeleteAsync("/api/models/tests/bert")).ErrorAsync(HttpStatusCode.Conflict, "model_loaded");
        Assert.True(Directory.Exists(folder));
        await _server.Client.PostJsonAsync("/api/models/unload", """{"model": "tests/bert"}""");
        Assert.True((await (await _server.Client.DeleteAsync("/api/models/tests/bert")).JsonAsync()).GetProperty("files_deleted").GetBoolean());
    }

    [Fact]
    public async Task Of_a_link_in_the_data_directory_only_the_link_is_removed()
    {
        string folder = Copy("mine");
        Directory.CreateDirectory(_server.Home.Combine("models", "tests"));
        Directory.CreateSymbolicLink(_server.Home.Combine("models", "tests", "linked"), folder);
        await (await _server.Client.DeleteAsync("/api/models/tests/linked")).JsonAsync();
        Assert.False(Directory.Exists(_server.Home.Combine("models", "tests", "linked")));
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public void A_damaged_list_of_folders_says_what_to_do()
    {
        Directory.CreateDirectory(_user.Combine("state"));
        File.WriteAllText(_user.Combine("state", "models.json"), "{ not json");
        var fault = Assert.Throws<SettingsException>(() => AddedModels.Open(DataDirectory.Locate(_user.Path, _ => null)));
        Assert.Contains("delete it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_of_this_machine_is_local_and_has_room()
    {
        var volumes = new Volumes();
        Assert.Equal(VolumeKind.Local, volumes.KindOf(_user.Path));
        Assert.Equal(VolumeKind.Local, volumes.KindOf(_user.Combine("none")));
        Assert.True(volumes.FreeBytes(_user.Path) > 0);
    }

    private async Task<JsonElement> AddAsync(string folder, string more = "", RunningServer? server = null)
    {
        var response = await (server ?? _server).Client.PostJsonAsync("/api/models", $$"""{"path": "{{folder}}"{{more}}}""");
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        return JsonElement.Parse(body);
    }

    private async Task<string> RefusedAsync(string folder, string more, HttpStatusCode status, string code) =>
        (await (await _server.Client.PostJsonAsync("/api/models", $$"""{"path": "{{folder}}"{{more}}}""")).ErrorAsync(status, code)).Text("message");

    private async Task<(string Origin, string Path)> PlaceAsync(string id)
    {
        var model = await (await _server.Client.GetAsync($"/api/models/{id}")).JsonAsync();
        return (model.Text("origin"), model.Text("path"));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

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

    private sealed class FakeVolumes : IVolumes
    {
        public string? Remote { get; set; }

        public long Free { get; set; } = 1L << 40;

        public VolumeKind KindOf(string path) => path == Remote ? VolumeKind.Network : VolumeKind.Local;

        public long? FreeBytes(string folder) => Free;
    }
}
