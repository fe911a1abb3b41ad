using Impetus.Engine.Backends.Cpu.Kernels;
using Impetus.Engine.Backends.Cpu.Memory;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Norms, elementwise functions and changes of shape. Small tensors stay on the calling thread.</summary>
public sealed unsafe partial class CpuBackend
{
    private const int NumbersPerItem = 8192;

    /// <inheritdoc/>
    public Tensor RmsNorm(Tensor x, Tensor? weight, float epsilon) => Norm(x, weight, null, epsilon, centered: false);

    /// <inheritdoc/>
    public Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, float epsilon) => Norm(x, weight, bias, epsilon, centered: true);

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => Pairwise(Pair.Sum, a, b);

    /// <inheritdoc/>
    public Tensor Multiply(Tensor a, Tensor b) => Pairwise(Pair.Product, a, b);

    /// <inheritdoc/>
    public Tensor Scale(Tensor x, float factor) => Each(Single.Scale, x, factor, default);

    /// <inheritdoc/>
    public Tensor Activate(Tensor x, Activation activation) => Each(Single.Activate, x, 0, activation);

    /// <inheritdoc/>
    public Tensor SoftCap(Tensor x, float cap) => Each(Single.SoftCap, x, cap, default);

    /// <inheritdoc/>
    public Tensor Reshape(Tensor x, Shape shape)
    {
        if (shape.Count != x.Shape.Count)
            throw new ArgumentException($"{x.Shape} has not as many elements as {shape}.", nameof(shape));
        return _scopes.Add(new CpuTensor(shape, x.Type, ((CpuTensor)x).Buffer.Share()));
    }

    /// <inheritdoc/>
    public Tensor[] Split(Tensor x, params ReadOnlySpan<int> widths)
    {
        var (rows, width) = (x.Shape.Vectors, x.Shape[-1]);
        var data = Own(x).Data;
        var sum = 0;
        foreach (var part in widths)
            sum += part;
        if (sum != width)
            throw new ArgumentException($"The widths sum to {sum}, not to {width}.", nameof(widths));

        var parts = new Tensor[widths.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            var y = New(new Shape(rows, widths[i]));
            CopyRows(data, width, y.Data, widths[i], rows);
            data += widths[i];
            parts[i] = y;
        }

        return parts;
    }

    private static void CopyRows(float* from, int stride, float* to, int width, int rows)
    {
        for (var row = 0L; row < rows; row++)
            new ReadOnlySpan<float>(from + (row * stride), width).CopyTo(new Span<float>(to + (row * width), width));
    }

    private CpuTensor Norm(Tensor x, Tensor? weight, Tensor? bias, float epsilon, bool centered)
    {
        var (rows, width) = (x.Shape.Vectors, x.Shape[-1]);
        var y = New(x.Shape);
        var job = new NormJob(_kernels, Own(x).Data, Vector(weight, width), Vector(bias, width), epsilon, width, centered, y.Data);
        _crew.Run(ref job, rows, Math.Max(1, NumbersPerItem / width));
        return y;
    }

    private CpuTensor Pairwise(Pair pair, Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape && (b.Shape.Rank != 1 || b.Shape[0] != a.Shape[-1]))
            throw new ArgumentException($"{b.Shape} goes neither with {a.Shape} nor with its rows.", nameof(b));

        var y = New(a.Shape);
        var same = a.Shape == b.Shape;
        var width = same ? NumbersPerItem : a.Shape[-1];
        var job = new PairJob(_kernels, pair, Own(a).Data, Own(b).Data, y.Data, a.Shape.Count, width, same ? width : 0);
        _crew.Run(ref job, (int)((a.Shape.Count + width - 1) / width), Math.Max(1, NumbersPerItem / width));
        return y;
    }

    private CpuTensor Each(Single function, Tensor x, float parameter, Activation activation)
    {
        var y = New(x.Shape);
        var job = new EachJob(_kernels, function, Own(x).Data, parameter, activation, y.Data, x.Shape.Count);
        _crew.Run(ref job, (int)((x.Shape.Count + NumbersPerItem - 1) / NumbersPerItem));
        return y;
    }

    private enum Pair
    {
        Sum,
        Product,
    }

    private enum Single
    {
        Scale,
        SoftCap,
        Activate,
    }

    private readonly struct NormJob(
        CpuKernels kernels, float* x, float* weight, float* bias, float epsilon, int width, bool centered, float* y) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var row = (long)first; row < end; row++)
            {
                if (centered)
                    kernels.LayerNorm(x + (row * width), weight, bias, epsilon, width, y + (row * width));
                else
                    kernels.RmsNorm(x + (row * width), weight, epsilon, width, y + (row * width));
            }
        }
    }

    private readonly struct PairJob(CpuKernels kernels, Pair pair, float* a, float* b, float* y, long count, int width, int bStride) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var item = (long)first; item < end; item++)
            {
                var (from, length) = (item * width, (int)Math.Min(width, count - (item * width)));
                if (pair == Pair.Sum)
                    kernels.Add(a + from, b + (item * bStride), y + from, length);
                else
                    kernels.Multiply(a + from, b + (item * bStride), y + from, length);
            }
        }
    }

    private readonly struct EachJob(
        CpuKernels kernels, Single function, float* x, float parameter, Activation activation, float* y, long count) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var item = (long)first; item < end; item++)
            {
                var (from, length) = (item * NumbersPerItem, (int)Math.Min(NumbersPerItem, count - (item * NumbersPerItem)));
                if (function == Single.Scale)
                    kernels.Scale(x + from, parameter, y + from, length);
                else if (function == Single.SoftCap)
                    kernels.SoftCap(x + from, parameter, y + from, length);
                else
                    kernels.Activate(activation, x + from, null, y + from, length);
            }
        }
    }
}
