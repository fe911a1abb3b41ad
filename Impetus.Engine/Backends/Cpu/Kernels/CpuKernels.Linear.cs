using Impetus.Engine.Backends.Cpu.Simd;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>Products: which innermost loop for which storage and how many rows.</summary>
internal sealed unsafe partial class CpuKernels<TSimd, TFloat, TWord> : CpuKernels
    where TSimd : ISimd<TFloat, TWord>
    where TFloat : unmanaged
    where TWord : unmanaged
{
    private const nint TileStride = MaxPanels * PanelMatrix.Lanes;

    public override void Project(PanelMatrix matrix, int firstPanel, int panels, float* x, int rows, float* tile, float* scratch)
    {
        var crossing = matrix is { Code: PanelCode.Affine, Bits: 3 or 5 or 6 };
        if (rows <= RowKernels<TSimd, TFloat, TWord>.MaxRows && !crossing)
            ProjectPacked(matrix, firstPanel, panels, x, rows, tile);
        else
            ProjectUnpacked(matrix, firstPanel, panels, x, rows, tile, scratch);
    }

    /// <summary>Few rows: weights are decoded in registers.</summary>
    private static void ProjectPacked(PanelMatrix matrix, int firstPanel, int panels, float* x, int rows, float* tile)
    {
        for (var panel = 0; panel < panels; panel++)
        {
            var data = matrix.Panel(firstPanel + panel);
            for (var lane = 0; lane < PanelMatrix.Lanes; lane += 2 * TSimd.Lanes)
            {
                var y = tile + (panel * PanelMatrix.Lanes) + lane;
                switch (matrix.Code)
                {
                    case PanelCode.Dense when matrix.Element == DType.F32:
                        Dense<F32Element>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.Dense when matrix.Element == DType.F16:
                        Dense<F16Element>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.Dense:
                        Dense<BF16Element>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.Affine when matrix.Bits == 2:
                        Affine<Affine2Code>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.Affine when matrix.Bits == 4:
                        Affine<Affine4Code>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.Affine:
                        Affine<Affine8Code>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.MxFp4:
                        Packed<Float4Code, E8M0Element>(matrix, x, rows, data, lane, y);
                        break;
                    case PanelCode.MxFp8:
                        Packed<Float8Code, E8M0Element>(matrix, x, rows, data, lane, y);
                        break;
                    default:
                        Packed<Float4Code, E4M3Element>(matrix, x, rows, data, lane, y);
                        break;
                }
            }
        }
    }

    /// <summary>Many rows: panels are unpacked once, a chunk of inputs at a time, and stay in the cache for all rows.</summary>
    private static void ProjectUnpacked(PanelMatrix matrix, int firstPanel, int panels, float* x, int rows, float* tile, float* scratch)
    {
        // Panels of floats lie as others do when they are unpacked.
        var floats = matrix is { Code: PanelCode.Dense, Element: DType.F32 };
        for (var first = 0; first < matrix.InFeatures; first += ChunkDepth)
        {
            var depth = Math.Min(ChunkDepth, matrix.InFeatures - first);
            for (var panel = 0; panel < panels && !floats; panel++)
                Unpack(matrix, firstPanel + panel, first, depth, scratch + (panel * ChunkDepth * PanelMatrix.Lanes));

            for (var row = 0; row < rows; row += RowKernels<TSimd, TFloat, TWord>.MaxRows)
            {
                var count = Math.Min(RowKernels<TSimd, TFloat, TWord>.MaxRows, rows - row);
                for (var panel = 0; panel < panels; panel++)
                {
                    var numbers = floats
                        ? (float*)matrix.Panel(firstPanel + panel) + ((nint)first * PanelMatrix.Lanes)
                        : scratch + (panel * ChunkDepth * PanelMatrix.Lanes);
                    var y = tile + (row * TileStride) + (panel * PanelMatrix.Lanes);
                    for (var lane = 0; lane < PanelMatrix.Lanes; lane += 2 * TSimd.Lanes)
                    {
                        MultiplyRows<F32Element>(
                            count,
                            x + ((nint)row * matrix.InFeatures) + first,
                            matrix.InFeatures,
                            (byte*)(numbers + lane),
                            PanelMatrix.Lanes * sizeof(float),
                            depth,
                            y + lane,
                            TileStride,
                            accumulate: first > 0);
                    }
                }
            }
        }
    }

    private static void Unpack(PanelMatrix matrix, int panel, int first, int depth, float* destination)
    {
        var group = matrix.Panel(panel) + ((long)first / matrix.GroupSize * matrix.GroupBytes);
        var groups = depth / matrix.GroupSize;
        switch (matrix.Code)
        {
            case PanelCode.Dense when matrix.Element == DType.F16:
                Unpacker<TSimd, TFloat, TWord>.Dense<F16Element>(group, depth, destination);
                break;
            case PanelCode.Dense:
                Unpacker<TSimd, TFloat, TWord>.Dense<BF16Element>(group, depth, destination);
                break;
            case PanelCode.Affine when matrix.Element == DType.F32:
                UnpackAffine<F32Element>(matrix, group, groups, destination);
                break;
            case PanelCode.Affine when matrix.Element == DType.F16:
                UnpackAffine<F16Element>(matrix, group, groups, destination);
                break;
            case PanelCode.Affine:
                UnpackAffine<BF16Element>(matrix, group, groups, destination);
                break;
            case PanelCode.MxFp4:
                Unpacker<TSimd, TFloat, TWord>.Packed<Float4Code, E8M0Element>(matrix, group, groups, destination);
                break;
            case PanelCode.MxFp8:
                Unpacker<TSimd, TFloat, TWord>.Packed<Float8Code, E8M0Element>(matrix, group, groups, destination);
                break;
            default:
                Unpacker<TSimd, TFloat, TWord>.Packed<Float4Code, E4M3Element>(matrix, group, groups, destination);
                break;
        }
    }

    private static void UnpackAffine<TScale>(PanelMatrix matrix, byte* group, int groups, float* destination)
        where TScale : IElement
    {
        switch (matrix.Bits)
        {
            case 2:
                Unpacker<TSimd, TFloat, TWord>.Packed<Affine2Code, TScale>(matrix, group, groups, destination);
                break;
            case 4:
                Unpacker<TSimd, TFloat, TWord>.Packed<Affine4Code, TScale>(matrix, group, groups, destination);
                break;
            case 8:
                Unpacker<TSimd, TFloat, TWord>.Packed<Affine8Code, TScale>(matrix, group, groups, destination);
                break;
            default:
                Unpacker<TSimd, TFloat, TWord>.Crossing<TScale>(matrix, group, groups, destination);
                break;
        }
    }

    private static void Affine<TCode>(PanelMatrix matrix, float* x, int rows, byte* panel, int lane, float* y)
        where TCode : ICode
    {
        switch (matrix.Element)
        {
            case DType.F32:
                Packed<TCode, F32Element>(matrix, x, rows, panel, lane, y);
                break;
            case DType.F16:
                Packed<TCode, F16Element>(matrix, x, rows, panel, lane, y);
                break;
            default:
                Packed<TCode, BF16Element>(matrix, x, rows, panel, lane, y);
                break;
        }
    }

    private static void Dense<TElement>(PanelMatrix matrix, float* x, int rows, byte* panel, int lane, float* y)
        where TElement : IElement =>
        MultiplyRows<TElement>(
            rows, x, matrix.InFeatures, panel + (lane * TElement.Size), matrix.GroupBytes, matrix.InFeatures, y, TileStride, accumulate: false);

    private static void Packed<TCode, TScale>(PanelMatrix matrix, float* x, int rows, byte* panel, int lane, float* y)
        where TCode : ICode
        where TScale : IElement
    {
        switch (rows)
        {
            case 1:
                RowKernels<TSimd, TFloat, TWord>.Packed<TCode, TScale, Rows1>(x, matrix.InFeatures, matrix, panel, lane, y, TileStride);
                break;
            case 2:
                RowKernels<TSimd, TFloat, TWord>.Packed<TCode, TScale, Rows2>(x, matrix.InFeatures, matrix, panel, lane, y, TileStride);
                break;
            case 3:
                RowKernels<TSimd, TFloat, TWord>.Packed<TCode, TScale, Rows3>(x, matrix.InFeatures, matrix, panel, lane, y, TileStride);
                break;
            case 4:
                RowKernels<TSimd, TFloat, TWord>.Packed<TCode, TScale, Rows4>(x, matrix.InFeatures, matrix, panel, lane, y, TileStride);
                break;
            case 5:
                RowKernels<TSimd, TFloat, TWord>.Packed<TCode, TScale, Rows5>(x, matrix.InFeatures, matrix, panel, lane, y, TileStride);
                break;
            default:
                RowKernels<TSimd, TFloat, TWord>.Packed<TCode, TScale, Rows6>(x, matrix.InFeatures, matrix, panel, lane, y, TileStride);
                break;
        }
    }

    private static void MultiplyRows<TElement>(
        int rows, float* x, nint xStride, byte* panel, nint panelStride, int depth, float* y, nint yStride, bool accumulate)
        where TElement : IElement
    {
        switch (rows)
        {
            case 1:
                RowKernels<TSimd, TFloat, TWord>.Dense<TElement, Rows1>(x, xStride, panel, panelStride, depth, y, yStride, accumulate);
                break;
            case 2:
                RowKernels<TSimd, TFloat, TWord>.Dense<TElement, Rows2>(x, xStride, panel, panelStride, depth, y, yStride, accumulate);
                break;
            case 3:
                RowKernels<TSimd, TFloat, TWord>.Dense<TElement, Rows3>(x, xStride, panel, panelStride, depth, y, yStride, accumulate);
                break;
            case 4:
                RowKernels<TSimd, TFloat, TWord>.Dense<TElement, Rows4>(x, xStride, panel, panelStride, depth, y, yStride, accumulate);
                break;
            case 5:
                RowKernels<TSimd, TFloat, TWord>.Dense<TElement, Rows5>(x, xStride, panel, panelStride, depth, y, yStride, accumulate);
                break;
            default:
                RowKernels<TSimd, TFloat, TWord>.Dense<TElement, Rows6>(x, xStride, panel, panelStride, depth, y, yStride, accumulate);
                break;
        }
    }
}
