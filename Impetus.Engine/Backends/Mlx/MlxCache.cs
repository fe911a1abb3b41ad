using Impetus.Engine.Tensors;
using Impetus.Native;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>Keys and values of one sequence, layer by layer. Any length can be forked at whose window is still there.</summary>
internal sealed class MlxCache : SequenceCache
{
    private readonly MlxKeyValues[] _layers;
    private int _checkpoint;

    public MlxCache(IReadOnlyList<LayerState> layers, MlxOps ops) => _layers = [.. layers.Select(layer => new MlxKeyValues(layer, ops))];

    private MlxCache(MlxKeyValues[] layers, int length) => (_layers, Length) = (layers, length);

    public override double ProportionalBytes => _layers.Sum(layer => layer.ProportionalBytes);

    /// <summary>The buffers that were written so far.</summary>
    public IEnumerable<MlxArray> Buffers => _layers.SelectMany(layer => layer.Written);

    /// <summary>What is remembered of a layer.</summary>
    public MlxKeyValues Layer(int layer) => _layers[layer];

    public override int LongestFork(int length)
    {
        length = Math.Min(length, Length);
        if (CanResume(length))
            return length;
        length = Math.Min(length, _checkpoint);
        return CanResume(length) ? length : 0;
    }

    public override SequenceCache Fork(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, LongestFork(length));
        return new MlxCache([.. _layers.Select(layer => layer.Fork(length))], length);
    }

    public override bool Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > Length || !Array.TrueForAll(_layers, layer => layer.CanTruncate(length)))
            return false;
        foreach (var layer in _layers)
            layer.Truncate(length);
        _checkpoint = Math.Min(_checkpoint, length);
        Length = length;
        return true;
    }

    public override void Checkpoint()
    {
        _checkpoint = Length;
        foreach (var layer in _layers)
            layer.Checkpoint(Length);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var layer in _layers)
            layer.Dispose();
    }

    private bool CanResume(int length) => Array.TrueForAll(_layers, layer => layer.CanResume(length));
}
