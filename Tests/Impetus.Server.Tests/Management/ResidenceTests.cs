using System.Runtime.CompilerServices;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Management;

public sealed class ResidenceTests
{
    [Fact]
    public async Task What_was_unloaded_can_be_collected_at_once_and_late_requests_are_told()
    {
        using var residence = new Residence(new InstalledModel("m/a", ModelKind.Chat, ""), TimeProvider.System, _ => { });
        var model = Arrive(residence);
        residence.Empty();
        GC.Collect();
        Assert.False(model.IsAlive);
        Assert.Equal("model_unloaded", (await Assert.ThrowsAsync<ApiException>(() => residence.Arrived)).Code);
    }

    // No variable of the caller's holds the model.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Arrive(Residence residence)
    {
        var model = new FakeChatModel();
        residence.Arrive(new LoadedModel(model, 1, "fake"));
        Assert.Same(model, residence.Arrived.Result.Model);
        return new(model);
    }
}
