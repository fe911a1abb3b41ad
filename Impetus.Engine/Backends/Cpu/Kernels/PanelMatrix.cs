using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu.Kernels;

/// <summary>How the numbers of a <see cref="PanelMatrix"/> are coded.</summary>
internal enum PanelCode
{
    /// <summary>Dense: numbers of type <see cref="PanelMatrix.Element"/>.</summary>
    Dense,

    /// <summary>Integers of <see cref="PanelMatrix.Bits"/>, with scale and bias a group of type <see cref="PanelMatrix.Element"/>.</summary>
    Affine,

    /// <summary>e2m1 under e8m0.</summary>
    MxFp4,

    /// <summary>e4m3 under e8m0.</summary>
    MxFp8,

    /// <summary>e2m1 under e4m3.</summary>
    NvFp4,
}

/// <summary>
/// A matrix (out, in), still in its stored format, laid out for lanes along its outputs. A panel is 32 outputs: for each group
/// of inputs first their 32 scales, then their 32 biases, then their words, word by word for the 32 outputs side by side. So a
/// product reads one stream from front to back. Dense matrices have groups of one number. The last panel is filled up with zeros.
/// </summary>
internal sealed unsafe class PanelMatrix : IDisposable
{
    /// <summary>Outputs of a panel.</summary>
    public const int Lanes = 32;

    private byte* _data;

    private PanelMatrix(StoredLinear stored)
    {
        (InFeatures, OutFeatures) = (stored.InFeatures, stored.OutFeatures);
        Panels = (OutFeatures + Lanes - 1) / Lanes;
        if (stored.Format is { } format)
        {
            (Bits, GroupSize) = (format.Bits, format.GroupSize);
            Code = format.Mode switch
            {
                QuantizationMode.MxFp4 => PanelCode.MxFp4,
                QuantizationMode.MxFp8 => PanelCode.MxFp8,
                QuantizationMode.NvFp4 => PanelCode.NvFp4,
                _ => PanelCode.Affine,
            };
            Element = Code != PanelCode.Affine ? DType.U8
                : stored.Scales!.Type == stored.Biases!.Type ? stored.Scales.Type
                : DType.F32;
            WordOffset = Lanes * Element.Size() * (Code == PanelCode.Affine ? 2 : 1);
            GroupBytes = WordOffset + (GroupSize * Bits / 8 * Lanes);
        }
        else
        {
            (Code, Element, Bits, GroupSize) = (PanelCode.Dense, stored.Weight.Type, 8 * stored.Weight.Type.Size(), 1);
            GroupBytes = Lanes * Element.Size();
        }

        Groups = InFeatures / GroupSize;
        PanelBytes = (long)Groups * GroupBytes;
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, Bytes), 64);
    }

    public int InFeatures { get; }

    public int OutFeatures { get; }

    public PanelCode Code { get; }

    /// <summary>Type of the numbers, if dense, else of scales and biases.</summary>
    public DType Element { get; }

    public int Bits { get; }

    /// <summary>Inputs that share a scale.</summary>
    public int GroupSize { get; }

    public int Groups { get; }

    /// <summary>Bytes of one group of one panel.</summary>
    public int GroupBytes { get; }

    /// <summary>Where in a group the words begin.</summary>
    public int WordOffset { get; }

    public int Panels { get; }

    public long PanelBytes { get; }

    public long Bytes => Panels * PanelBytes;

    /// <summary>The first group of a panel.</summary>
    public byte* Panel(int panel) => _data + (panel * PanelBytes);

    /// <summary>Repacks a stored matrix; all threads take part.</summary>
    public static PanelMatrix Pack(StoredLinear stored, WorkCrew crew)
    {
        RequireKnown(stored);
        var matrix = new PanelMatrix(stored);
        var job = new PackJob(matrix, stored);
        crew.Run(ref job, matrix.Panels, Math.Max(1, (int)((256 << 10) / Math.Max(1, matrix.PanelBytes))));
        return matrix;
    }

    /// <summary>One row of numbers, as a checkpoint's reader would compute them: product rounded, then sum.</summary>
    public void Read(int row, Span<float> destination)
    {
        var group = Panel(row / Lanes);
        var lane = row % Lanes;
        for (var first = 0; first < InFeatures; first += GroupSize, group += GroupBytes)
            PanelReader.ReadGroup(this, group, lane, destination.Slice(first, GroupSize));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }

    private static void RequireKnown(StoredLinear stored)
    {
        var name = stored.Weight.Name;
        if (stored.Format is not { } format)
        {
            if (stored.Weight.Type is not (DType.F32 or DType.F16 or DType.BF16))
                throw new NotSupportedException($"{name} is stored as {stored.Weight.Type}; the CPU backend computes with F32, F16 and BF16.");
            return;
        }

        var known = format.Mode switch
        {
            QuantizationMode.Affine => format.Bits is 2 or 3 or 4 or 5 or 6 or 8 && format.GroupSize > 0 && format.GroupSize % 32 == 0,
            QuantizationMode.MxFp4 => format is { Bits: 4, GroupSize: 32 },
            QuantizationMode.MxFp8 => format is { Bits: 8, GroupSize: 32 },
            QuantizationMode.NvFp4 => format is { Bits: 4, GroupSize: 16 },
            _ => false,
        };
        if (!known)
            throw new NotSupportedException($"{name} is quantised as {format.Mode} of {format.Bits} bits in groups of {format.GroupSize}, which the CPU backend does not know.");
    }

    /// <summary>Moves the rows of a panel beside each other.</summary>
    private readonly struct PackJob(PanelMatrix matrix, StoredLinear stored) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            for (var panel = first; panel < end; panel++)
            {
                var data = matrix.Panel(panel);
                if ((panel + 1) * Lanes > matrix.OutFeatures)
                    new Span<byte>(data, checked((int)matrix.PanelBytes)).Clear();
                var lanes = Math.Min(Lanes, matrix.OutFeatures - (panel * Lanes));
                for (var lane = 0; lane < lanes; lane++)
                    PackRow((panel * Lanes) + lane, lane, data);
            }
        }

        // Packing is over before the runtime would compile it better, so it is compiled well at once.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PackRow(int row, int lane, byte* panel)
        {
            if (matrix.Code == PanelCode.Dense)
            {
                var size = matrix.Element.Size();
                var source = stored.Weight.Data + ((long)row * matrix.InFeatures * size);
                if (size == sizeof(ushort))
                    Spread((ushort*)source, matrix.InFeatures, (ushort*)panel + lane);
                else
                    Spread((uint*)source, matrix.InFeatures, (uint*)panel + lane);
                return;
            }

            var wordsPerGroup = matrix.GroupSize * matrix.Bits / 32;
            var words = (uint*)stored.Weight.Data + ((long)row * matrix.Groups * wordsPerGroup);
            for (var g = 0; g < matrix.Groups; g++, words += wordsPerGroup, panel += matrix.GroupBytes)
            {
                var at = ((long)row * matrix.Groups) + g;
                PackElement(stored.Scales!, at, panel, lane);
                if (stored.Biases is { } biases)
                    PackElement(biases, at, panel + (Lanes * matrix.Element.Size()), lane);
                Spread(words, wordsPerGroup, (uint*)(panel + matrix.WordOffset) + lane);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void PackElement(StoredTensor source, long index, byte* destination, int lane)
        {
            if (matrix.Element == DType.U8)
                destination[lane] = source.Data[index];
            else if (source.Type != matrix.Element || matrix.Element == DType.F32)
                ((float*)destination)[lane] = PanelReader.Number(source.Data, source.Type, index);
            else
                ((ushort*)destination)[lane] = ((ushort*)source.Data)[index];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Spread<T>(T* source, int count, T* destination)
            where T : unmanaged
        {
            for (var i = 0; i < count; i++)
                destination[(long)i * Lanes] = source[i];
        }
    }
}
