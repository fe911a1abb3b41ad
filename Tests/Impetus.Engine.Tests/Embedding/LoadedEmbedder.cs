using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Embedding;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>An embedder on a backend and an engine thread of its own, for the length of a test.</summary>
internal sealed class LoadedEmbedder : IAsyncDisposable
{
    private LoadedEmbedder(IBackend backend, EngineThread thread, Embedder embedder) => (Backend, Thread, Embedder) = (backend, thread, embedder);

    public IBackend Backend { get; }

    public EngineThread Thread { get; }

    public Embedder Embedder { get; }

    public static async Task<LoadedEmbedder> OpenAsync(string folder, IBackend? backend = null)
    {
        backend ??= new CpuBackend(new CpuOptions { Threads = 2 });
        var thread = new EngineThread();
        return new LoadedEmbedder(backend, thread, await Embedder.LoadAsync(folder, backend, thread));
    }

    public async ValueTask DisposeAsync()
    {
        await Embedder.DisposeAsync();
        Thread.Dispose();
        Backend.Dispose();
    }
}
