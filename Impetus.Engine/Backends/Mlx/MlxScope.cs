using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// Owns the handles of a part of the graph. When it closes the graph keeps what it needs, and MLX is free to reuse the buffers.
/// </summary>
/// <param name="outer">The scope around it.</param>
/// <param name="leave">Called with that when it closes.</param>
/// <param name="lists">Empty lists that closed scopes left.</param>
internal sealed class MlxScope(MlxScope? outer, Action<MlxScope?> leave, Stack<List<MlxTensor>> lists) : IScope
{
    private List<MlxTensor> _tensors = lists.TryPop(out var list) ? list : [];

    public MlxTensor Own(MlxTensor tensor)
    {
        _tensors.Add(tensor);
        return tensor;
    }

    public Tensor Keep(Tensor tensor, Tensor? insteadOf)
    {
        if (outer is not null && _tensors.Remove((MlxTensor)tensor))
            outer.Own((MlxTensor)tensor);
        if (outer is not null && insteadOf is MlxTensor old && old != tensor && outer._tensors.Remove(old))
            old.Array.Dispose();
        return tensor;
    }

    /// <summary>Frees a tensor before the others.</summary>
    public void Free(MlxTensor tensor)
    {
        _tensors.Remove(tensor);
        tensor.Release();
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Release();
        _tensors.Clear();
        lists.Push(_tensors);
        _tensors = [];
        leave(outer);
    }
}
