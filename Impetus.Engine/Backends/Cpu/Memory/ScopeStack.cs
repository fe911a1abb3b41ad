using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Memory;

/// <summary>The open scopes and the tensors that live in them, as one list with marks.</summary>
internal sealed class ScopeStack
{
    private readonly List<CpuTensor> _tensors = [];
    private int _depth;

    /// <summary>Puts a new tensor into the innermost scope. Outside of all scopes it lives until it is freed.</summary>
    public CpuTensor Add(CpuTensor tensor)
    {
        tensor.Depth = _depth;
        if (_depth > 0)
            _tensors.Add(tensor);
        return tensor;
    }

    /// <summary>Opens a scope.</summary>
    public IScope Open() => new Scope(this, ++_depth, _tensors.Count);

    private void Close(int depth, int first)
    {
        if (depth != _depth)
            throw new InvalidOperationException("Scopes close in the reverse order of their opening.");

        _depth--;
        var kept = first;
        for (var i = first; i < _tensors.Count; i++)
        {
            var tensor = _tensors[i];
            if (tensor.Depth >= depth)
                tensor.Buffer.Release();
            else if (tensor.Depth > 0)
                _tensors[kept++] = tensor;
        }

        _tensors.RemoveRange(kept, _tensors.Count - kept);
    }

    private sealed class Scope(ScopeStack stack, int depth, int first) : IScope
    {
        private bool _closed;

        public Tensor Keep(Tensor tensor, Tensor? insteadOf)
        {
            if (tensor is CpuTensor own && own.Depth == depth)
                own.Depth--;
            if (insteadOf is CpuTensor old && old != tensor && old.Depth == depth - 1)
            {
                // The scope around still lists it, and drops what lives in none.
                old.Depth = 0;
                old.Buffer.Release();
            }

            return tensor;
        }

        public void Dispose()
        {
            if (_closed)
                return;
            stack.Close(depth, first);
            _closed = true;
        }
    }
}
