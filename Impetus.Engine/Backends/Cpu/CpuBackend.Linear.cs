using Impetus.Engine.Backends.Cpu.Kernels;
using Impetus.Engine.Backends.Cpu.Memory;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Products with matrices. Outputs are shared out among the threads, never the sums.</summary>
public sealed unsafe partial class CpuBackend
{
    private const int TileWidth = CpuKernels.MaxPanels * PanelMatrix.Lanes;
    private const int TileSize = CpuKernels.MaxRows * TileWidth;

    private LinearPart[] _parts = new LinearPart[4];

    /// <inheritdoc/>
    public Tensor Embed(EmbeddingWeight table, Batch batch, Lookup by = Lookup.Token, int offset = 0)
    {
        var step = (CpuBatch)batch;
        var ids = by switch
        {
            Lookup.Token => step.Tokens,
            Lookup.Position => step.Positions,
            _ => step.Types,
        };
        foreach (var id in ids)
        {
            if (id + offset < 0 || id + offset >= table.Count)
                throw new ArgumentOutOfRangeException(nameof(batch), id, $"The table has {table.Count} rows; row {id + offset} was looked up.");
        }

        var y = New(new Shape(step.TokenCount, table.Width));
        var job = new EmbedJob(((CpuEmbedding)table).Panels, ids, offset, y.Data);
        _crew.Run(ref job, step.TokenCount, 8);
        return y;
    }

    /// <inheritdoc/>
    public Tensor Project(Tensor x, LinearWeight weight) => Project(x, [weight])[0];

    /// <inheritdoc/>
    public Tensor[] Project(Tensor x, params ReadOnlySpan<LinearWeight> weights)
    {
        var rows = x.Shape.Vectors;
        if (_parts.Length < weights.Length)
            _parts = new LinearPart[weights.Length];
        var panels = rows > PackedRows ? CpuKernels.MaxPanels : 1;
        var products = new Tensor[weights.Length];
        List<SharedBuffer>? rounded = null;
        var items = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            RequireWidth(x, weights[i]);
            var linear = (CpuLinear)weights[i];
            var y = New(new Shape(rows, linear.OutFeatures));
            products[i] = y;
            _parts[i] = new LinearPart(linear, (nint)y.Data, items, RoundFor(linear, x, i == 0 ? null : _parts[i - 1].Rounded, ref rounded));
            items += (linear.Panels.Panels + panels - 1) / panels;
        }

        var job = new ProjectJob(_kernels, _scratch, _parts, weights.Length, Own(x).Data, rows, panels);
        _crew.Run(ref job, items, Grain(items, rows));
        rounded?.ForEach(buffer => buffer.Release());
        return products;
    }

    /// <inheritdoc/>
    public Tensor GatedProject(Tensor x, LinearWeight gate, LinearWeight up, Activation activation)
    {
        RequireWidth(x, gate);
        RequireWidth(x, up);
        if (gate.OutFeatures != up.OutFeatures)
            throw new ArgumentException($"The gate has {gate.OutFeatures} outputs, the other matrix {up.OutFeatures}.", nameof(up));

        var rows = x.Shape.Vectors;
        var panels = rows > PackedRows ? CpuKernels.MaxPanels : 1;
        var y = New(new Shape(rows, gate.OutFeatures));
        List<SharedBuffer>? rounded = null;
        var gatePart = new LinearPart((CpuLinear)gate, 0, 0, RoundFor((CpuLinear)gate, x, null, ref rounded));
        var upPart = new LinearPart((CpuLinear)up, 0, 0, RoundFor((CpuLinear)up, x, gatePart.Rounded, ref rounded));
        var job = new GatedJob(_kernels, _scratch, gatePart, upPart, activation, Own(x).Data, rows, panels, y.Data);
        var items = (((CpuLinear)gate).Panels.Panels + panels - 1) / panels;
        _crew.Run(ref job, items, Grain(items, rows));
        rounded?.ForEach(buffer => buffer.Release());
        return y;
    }

    /// <summary>Rounds the rows for a matrix, if this backend rounds and they are few; the matrix before may have had the same.</summary>
    private RoundedRows? RoundFor(CpuLinear linear, Tensor x, RoundedRows? before, ref List<SharedBuffer>? buffers)
    {
        var (matrix, rows) = (linear.Panels, x.Shape.Vectors);
        if (!_rounds || rows > RoundedRows.MaxRows || !RoundedRows.Fit(matrix))
            return null;
        if (before is { } known && known.GroupSize == matrix.GroupSize && known.Bits == matrix.Bits)
            return before;

        var rounded = new RoundedRows(0, matrix.InFeatures, matrix.GroupSize, matrix.Bits);
        var buffer = new SharedBuffer(_pool, (long)rows * rounded.Stride * sizeof(uint));
        (buffers ??= []).Add(buffer);
        rounded = rounded with { Memory = (nint)buffer.Data };
        _kernels.Round(Own(x).Data, rows, rounded);
        return rounded;
    }

    /// <summary>Rows up to which weights are decoded in registers, panel by panel.</summary>
    private const int PackedRows = 6;

    private static void RequireWidth(Tensor x, LinearWeight weight)
    {
        if (x.Shape[-1] != weight.InFeatures)
            throw new ArgumentException($"The matrix takes rows of {weight.InFeatures}, not {x.Shape}.", nameof(x));
    }

    /// <summary>Few rows are little work: then a thread takes several panels at once.</summary>
    private int Grain(int items, int rows) => rows > PackedRows ? 1 : Math.Max(1, items / (_crew.Limit * 8));

    /// <summary>One matrix of a product.</summary>
    /// <param name="Linear">The weights.</param>
    /// <param name="Y">Where its outputs go.</param>
    /// <param name="FirstItem">The first item of the job that is its.</param>
    /// <param name="Rounded">The rows, if they were rounded for it.</param>
    private readonly record struct LinearPart(CpuLinear Linear, nint Y, int FirstItem, RoundedRows? Rounded)
    {
        /// <summary>Computes some panels for some rows.</summary>
        public void Project(CpuKernels kernels, int panel, int panels, float* x, int rows, float* tile, float* scratch)
        {
            if (Rounded is { } rounded)
                kernels.ProjectRounded(Linear.Panels, panel, rounded, rows, tile);
            else
                kernels.Project(Linear.Panels, panel, Math.Min(panels, Linear.Panels.Panels - panel), x, rows, tile, scratch);
        }
    }

    private readonly struct EmbedJob(PanelMatrix panels, int[] ids, int offset, float* y) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var i = first; i < end; i++)
                panels.Read(ids[i] + offset, new Span<float>(y + ((long)i * panels.InFeatures), panels.InFeatures));
        }
    }

    private readonly struct ProjectJob(
        CpuKernels kernels, nint[] scratch, LinearPart[] parts, int count, float* x, int rows, int panels) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            var tile = (float*)scratch[worker];
            for (var item = first; item < end; item++)
            {
                var part = count - 1;
                while (parts[part].FirstItem > item)
                    part--;
                var matrix = parts[part].Linear.Panels;
                var bias = parts[part].Linear.Bias;
                var panel = (item - parts[part].FirstItem) * panels;
                var column = panel * PanelMatrix.Lanes;
                var columns = Math.Min(panels * PanelMatrix.Lanes, matrix.OutFeatures - column);
                for (var row = 0; row < rows; row += CpuKernels.MaxRows)
                {
                    var block = Math.Min(CpuKernels.MaxRows, rows - row);
                    parts[part].Project(kernels, panel, panels, x + ((long)row * matrix.InFeatures), block, tile, tile + (2 * TileSize));
                    var y = (float*)parts[part].Y + ((long)row * matrix.OutFeatures) + column;
                    for (var r = 0; r < block; r++, y += matrix.OutFeatures)
                        Finish(kernels, tile + (r * TileWidth), bias, column, columns, y);
                }
            }
        }
    }

    private readonly struct GatedJob(
        CpuKernels kernels, nint[] scratch, LinearPart gate, LinearPart up, Activation activation, float* x, int rows, int panels, float* y) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            var gateTile = (float*)scratch[worker];
            var upTile = gateTile + TileSize;
            var work = upTile + TileSize;
            var matrix = gate.Linear.Panels;
            for (var item = first; item < end; item++)
            {
                var panel = item * panels;
                var column = panel * PanelMatrix.Lanes;
                var columns = Math.Min(panels * PanelMatrix.Lanes, matrix.OutFeatures - column);
                for (var row = 0; row < rows; row += CpuKernels.MaxRows)
                {
                    var block = Math.Min(CpuKernels.MaxRows, rows - row);
                    var from = x + ((long)row * matrix.InFeatures);
                    gate.Project(kernels, panel, panels, from, block, gateTile, work);
                    up.Project(kernels, panel, panels, from, block, upTile, work);
                    for (var r = 0; r < block; r++)
                    {
                        var g = gateTile + (r * TileWidth);
                        var u = upTile + (r * TileWidth);
                        Finish(kernels, g, gate.Linear.Bias, column, columns, g);
                        Finish(kernels, u, up.Linear.Bias, column, columns, u);
                        kernels.Activate(activation, g, u, y + ((long)(row + r) * matrix.OutFeatures) + column, columns);
                    }
                }
            }
        }
    }

    /// <summary>Adds the bias to a part of a row and puts it where it belongs.</summary>
    private static void Finish(CpuKernels kernels, float* sums, float[]? bias, int column, int columns, float* y)
    {
        if (bias is not null)
        {
            fixed (float* b = bias)
                kernels.Add(sums, b + column, y, columns);
        }
        else if (y != sums)
        {
            new ReadOnlySpan<float>(sums, columns).CopyTo(new Span<float>(y, columns));
        }
    }
}
