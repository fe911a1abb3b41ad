using Impetus.Engine.Embedding;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>An embedder on an engine of its own, for the length of a test.</summary>
internal sealed class LoadedEmbedder : IAsyncDisposable
{
    private readonly TestEngine _engine;

    private LoadedEmbedder(TestEngine engine, Embedder embedder) => (_engine, Embedder) = (engine, embedder);

    public IBackend Backend => _engine.Backend;

    public EngineThread Thread => _engine.Thread;

    public Embedder Embedder { get; }

    /// <param name="folder">The model's.</param>
    /// <param name="backend">One of <see cref="TestBackends.Names"/>.</param>
    public static async Task<LoadedEmbedder> OpenAsync(string folder, string backend = "cpu")
    {
        var engine = await TestEngine.StartAsync(backend);
        try
        {
            return new LoadedEmbedder(engine, await Embedder.LoadAsync(folder, engine.Backend, engine.Thread));
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Embedder.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
