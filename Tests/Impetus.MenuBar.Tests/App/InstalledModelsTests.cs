using Impetus.Engine.Hub;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Impetus.MenuBar.Tests.Support;
using Impetus.Server.Management.Memory;

namespace Impetus.MenuBar.Tests.App;

public sealed class InstalledModelsTests : IDisposable
{
    private const long GB = 1_000_000_000;
    private readonly TemporaryData _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Chat_models_are_listed_with_size_and_what_goes_on_and_encoders_are_not()
    {
        Install("org/chat", "config.json", 1000);
        Install("org/encoder", "modules.json", 1000);
        var models = new InstalledModels(_home.Data, 16 * GB).Read(
            "org/chat", id => id == "org/chat" ? new ModelActivity.Ready() : new ModelActivity.Idle());
        Assert.Equal([StarterModels.Chat, "org/chat"], models.Select(model => model.Id));
        Assert.Equal(1000, models[1].SizeBytes);
        Assert.IsType<ModelActivity.Ready>(models[1].Activity);
        Assert.IsType<ModelActivity.Idle>(models[0].Activity);
        Assert.Equal([false, true], models.Select(model => model.Chosen));
        Assert.True(models[0].SizeBytes > 50_000_000);
    }

    [Fact]
    public void A_model_fits_with_a_fifth_on_top_in_what_the_server_may_take_of_the_machine()
    {
        var models = new InstalledModels(_home.Data, 16 * GB);
        long usable = MemoryBudget.OfMachine(16 * GB);
        Assert.InRange(usable, 11 * GB, 12 * GB);
        Assert.Equal(new ModelFit(6 * GB, usable), models.Fit(5 * GB));
        Assert.True(models.Fit(usable / 6 * 5).Fits);
        Assert.False(models.Fit(usable / 6 * 5 + 5).Fits);
        Assert.False(new InstalledModels(_home.Data, GB).Fit(1).Fits);
    }

    [Fact]
    public void A_reranker_is_no_chat_model_and_a_folder_that_becomes_one_is_seen()
    {
        Install("org/model", "config.json", 1000);
        var models = new InstalledModels(_home.Data, 16 * GB);
        Assert.Contains(models.Read("", _ => new ModelActivity.Idle()), model => model.Id == "org/model");
        string config = Path.Combine(_home.Data.Models, "org", "model", "config.json");
        File.WriteAllText(config, """{"model_type": "bert", "architectures": ["BertForSequenceClassification"]}""");
        File.SetLastWriteTimeUtc(config, DateTime.UtcNow.AddMinutes(1));
        Assert.DoesNotContain(models.Read("", _ => new ModelActivity.Idle()), model => model.Id == "org/model");
    }

    private void Install(string id, string marker, int bytes)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_home.Data.Models, id)).FullName;
        File.WriteAllText(Path.Combine(folder, marker), "{}");
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), new byte[bytes]);
    }
}
