using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>One layer of an encoder: (T, D) to (T, D).</summary>
internal interface IEncoderBlock
{
    /// <summary>Computes the layer.</summary>
    Tensor Forward(Tensor x, Batch batch);
}

/// <summary>What transformers that read whole texts have in common: embeddings, blocks one after the other, perhaps a last norm.</summary>
internal abstract class LayeredEncoder(ModelWeights weights) : IEncoder
{
    public abstract int Width { get; }

    public abstract int VocabularySize { get; }

    public virtual int TokenTypes => 1;

    public abstract int ContextLength { get; }

    public virtual bool Bidirectional => true;

    /// <summary>Is shown the input of the first block and the output of each: for comparing layer by layer.</summary>
    public Action<Tensor>? Watch { get; set; }

    protected IBackend Backend { get; } = weights.Backend;

    /// <summary>The layers, in order.</summary>
    protected abstract IReadOnlyList<IEncoderBlock> Blocks { get; }

    public Tensor Forward(Batch batch)
    {
        var x = Scoped(() => Embed(batch));
        foreach (var block in Blocks)
            x = Scoped(() => block.Forward(x, batch), insteadOf: x);
        return Norm(x);
    }

    public void Dispose() => weights.Dispose();

    /// <summary>The input of the first block: (T, D).</summary>
    protected abstract Tensor Embed(Batch batch);

    /// <summary>What follows the last block: (T, D) to (T, D).</summary>
    protected virtual Tensor Norm(Tensor x) => x;

    private Tensor Scoped(Func<Tensor> part, Tensor? insteadOf = null)
    {
        using var scope = Backend.Scope();
        var x = scope.Keep(part(), insteadOf);
        Watch?.Invoke(x);
        return x;
    }
}
