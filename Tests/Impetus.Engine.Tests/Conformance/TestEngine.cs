using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>One of <see cref="TestBackends.Names"/> on an engine thread of its own, for the length of a test.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly IDisposable? _turn;

    private TestEngine(EngineThread thread, IBackend backend, IDisposable? turn) => (Thread, Backend, _turn) = (thread, backend, turn);

    public EngineThread Thread { get; }

    public IBackend Backend { get; }

    /// <summary>Starts it; a backend that this machine lacks skips the test with the reason.</summary>
    public static async Task<TestEngine> StartAsync(string name)
    {
        var turn = name == "mlx" ? TestBackends.TakeMlx() : null;
        var thread = new EngineThread();
        return new TestEngine(thread, await thread.InvokeAsync(() => TestBackends.Create(name)), turn);
    }

    public async ValueTask DisposeAsync()
    {
        await Thread.InvokeAsync(Backend.Dispose);
        Thread.Dispose();
        _turn?.Dispose();
    }
}
