using Impetus.Engine.Hub;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Management;

public sealed class ModelFoldersTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly ModelFolders _folders;

    public ModelFoldersTests() => _folders = new(DataDirectory.Locate(_home.Path, _ => null));

    public void Dispose() => _home.Dispose();

    private string Make(params string[] parts)
    {
        string folder = Directory.CreateDirectory(_home.Combine(parts)).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        return folder;
    }

    [Fact]
    public void An_installed_model_is_found_by_its_id_and_by_its_folder()
    {
        string folder = Make("models", "org", "name");
        Assert.Equal(("org/name", folder), _folders.Resolve("org/name"));
        Assert.Equal(("org/name", folder), _folders.Resolve(folder + Path.DirectorySeparatorChar));
    }

    [Fact]
    public void The_starter_model_is_found_by_its_id_and_by_its_folder()
    {
        string folder = Fixture.Model("SmolLM2-135M-Instruct");
        Assert.Equal(folder, _folders.Resolve(StarterModels.Chat).Folder);
        Assert.Equal(StarterModels.Chat, _folders.Resolve(folder).Id);
    }

    [Fact]
    public void Another_folder_s_model_is_called_by_the_folder_s_name() => Assert.Equal("local/mine", _folders.Resolve(Make("elsewhere", "mine")).Id);

    [Theory]
    [InlineData("org/other")]
    [InlineData("../name")]
    [InlineData("..")]
    [InlineData("org/..")]
    [InlineData("\u0001")]
    public void What_is_not_there_is_told_with_what_to_write(string model)
    {
        Make("models", "org", "name");
        var fault = Assert.Throws<ModelLoadException>(() => _folders.Resolve(model));
        Assert.Contains($"'{model}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("org/name", fault.Message, StringComparison.Ordinal);
    }
}
