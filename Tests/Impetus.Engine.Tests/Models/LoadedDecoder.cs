using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Models;

/// <summary>A model's folder on a backend, for the length of a test. The backend is the caller's.</summary>
internal sealed class LoadedDecoder : IDisposable
{
    private readonly Checkpoint _checkpoint;

    public LoadedDecoder(string folder, IBackend backend)
    {
        var config = ConfigReader.OpenFolder(folder);
        _checkpoint = Checkpoint.Open(folder, config);
        Backend = backend;
        Decoder = Architectures.Load(config, new ModelWeights(_checkpoint, backend));
    }

    public IBackend Backend { get; }

    public IDecoder Decoder { get; }

    public void Dispose()
    {
        Decoder.Dispose();
        _checkpoint.Dispose();
    }
}
