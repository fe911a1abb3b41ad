using Impetus.MenuBar.App;
using Impetus.MenuBar.Tests.Support;

namespace Impetus.MenuBar.Tests.App;

public sealed class RunMarkerTests : IDisposable
{
    private readonly TemporaryData _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void One_app_runs_on_a_data_directory_at_a_time()
    {
        using (var first = RunMarker.TryBegin(_home.Data))
        {
            Assert.NotNull(first);
            Assert.Null(RunMarker.TryBegin(_home.Data));
        }

        using var next = RunMarker.TryBegin(_home.Data);
        Assert.NotNull(next);
        Assert.False(next.LastRunCrashed);
    }

    [Fact]
    public void A_run_that_did_not_end_is_noticed_once()
    {
        Directory.CreateDirectory(_home.Data.State);
        File.WriteAllText(Path.Combine(_home.Data.State, "app.running"), "");
        using (var after = RunMarker.TryBegin(_home.Data))
            Assert.True(after!.LastRunCrashed);
        using var later = RunMarker.TryBegin(_home.Data);
        Assert.False(later!.LastRunCrashed);
    }

    [Fact]
    public void A_lock_that_cannot_be_made_is_no_lock_of_another()
    {
        File.WriteAllText(Path.Combine(_home.Path, "state"), "a file where a folder should be");
        Assert.ThrowsAny<Exception>(() => FileLock.TryTake(Path.Combine(_home.Path, "state", "app.lock")));
    }
}
