using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using NSubstitute;

namespace Impetus.MenuBar.Tests.Support;

/// <summary>A server whose every turn the test decides.</summary>
internal sealed class FakeServer : IHostedServer
{
    public FakeServer() => Library.AddAsync(default!, default, default).ReturnsForAnyArgs(new Ingested(1, [], false));

    public TaskCompletionSource Loading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What stopping gives; by default all requests finish at once.</summary>
    public Func<CancellationToken, Task<bool>> Stopping { get; set; } = _ => Task.FromResult(true);

    public bool Disposed { get; private set; }

    public Uri Address => new("http://localhost:8080/");

    public string Key => "sk-impetus-test";

    public Task ModelLoaded => Loading.Task;

    public IDocumentIngestor Library { get; } = Substitute.For<IDocumentIngestor>();

    public ModelActivity Activity { get; private set; } = new ModelActivity.Loading(null);

    public event Action? ActivityChanged;

    /// <summary>The model comes or goes.</summary>
    public void Set(ModelActivity activity)
    {
        Activity = activity;
        ActivityChanged?.Invoke();
    }

    public Task UnloadModelAsync()
    {
        Set(new ModelActivity.Idle());
        return Task.CompletedTask;
    }

    public Task Ended => Running.Task;

    public int ActiveRequests { get; set; }

    public double TokensPerSecond { get; set; }

    public Task<bool> StopAsync(CancellationToken hurry) => Stopping(hurry);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        Loading.TrySetCanceled();
        Running.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
