using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Hub;

/// <summary>Bytes of a checkpoint's weights: those that a model reads, and what they take in a backend.</summary>
/// <param name="Stored">In the files.</param>
/// <param name="InMemory">In the backend.</param>
internal readonly record struct WeightSizes(long Stored, long InMemory)
{
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">Says which of them are used.</param>
    /// <param name="layout">Of the backend.</param>
    /// <param name="withHead">Whether pooler and classifier are used; an embedding model leaves them.</param>
    public static WeightSizes Of(ICheckpoint checkpoint, ConfigReader config, BackendLayout layout, bool withHead)
    {
        bool tied = config.Flag("tie_word_embeddings") ?? false;
        long stored = 0, inMemory = 0;
        foreach (string name in checkpoint.Names)
        {
            checkpoint.TryGet(name, out var tensor);
            bool unused = (tied && name.StartsWith("lm_head.", StringComparison.Ordinal))
                || (!withHead && name.StartsWith("pooler.", StringComparison.Ordinal))
                // Buffers of positions, which are computed.
                || !IsWeight(tensor!.Type);
            if (unused)
                continue;
            stored += tensor!.ByteLength;
            inMemory += InMemoryBytes(tensor, layout);
        }

        return new(stored, inMemory);
    }

    private static bool IsWeight(DType type) => type is DType.F32 or DType.F16 or DType.BF16 or DType.U32 or DType.U8;

    private static long InMemoryBytes(StoredTensor tensor, BackendLayout layout)
    {
        if (tensor.Shape.Count != 2)
            return tensor.Count * layout.NumberBytes;
        bool widens = layout.WidensMatrices && tensor.Type is DType.F16 or DType.BF16;
        long row = widens ? (long)tensor.Shape[1] * sizeof(float) : tensor.ByteLength / Math.Max(1, tensor.Shape[0]);
        return BackendLayout.Fill(tensor.Shape[0], layout.RowMultiple) * row;
    }
}
