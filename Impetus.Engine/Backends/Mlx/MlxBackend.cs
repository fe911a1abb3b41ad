using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;
using Impetus.Native;
using Impetus.Native.Interop;

namespace Impetus.Engine.Backends.Mlx;

/// <summary>
/// The engine contract on Apple's MLX. Operations build a lazy graph; it is evaluated once a step, when the sampled tokens are
/// read. On Metal it computes in the checkpoint's type; on MLX's CPU device, which is a check of correctness and slow, in f32.
/// </summary>
/// <remarks>Everything, the constructor too, runs on the engine thread, which owns MLX from here to <see cref="Dispose"/>.</remarks>
internal sealed unsafe partial class MlxBackend : IBackend
{
    private readonly mlx_stream _stream;
    private readonly MlxOps _ops;
    private readonly MlxActivations _activations;
    private readonly bool _metal;
    private readonly MlxScope _outermost;
    private readonly Action<MlxScope?> _leave;
    private readonly Stack<List<MlxTensor>> _lists = new();
    private readonly Func<MlxArray, MlxArray> _byToken;
    private MlxScope? _scope;

    /// <summary>Opens MLX on its best device.</summary>
    /// <exception cref="MlxUnavailableException">MLX cannot be used here; the message says why.</exception>
    /// <exception cref="InvalidOperationException">Another thread owns MLX.</exception>
    public MlxBackend()
    {
        Version = MlxLibrary.Open().Version;
        MlxThread.Take();
        byte metal = 0;
        MlxError.Check(MlxC.mlx_metal_is_available(&metal));
        _metal = metal != 0;
        // Compiled graphs on the CPU device would call a C++ compiler at run time.
        if (!_metal)
            MlxError.Check(MlxC.mlx_disable_compile());
        else
            Limit();
        MlxError.Check(MlxC.mlx_reset_peak_memory());
        _stream = _metal ? MlxC.mlx_default_gpu_stream_new() : MlxC.mlx_default_cpu_stream_new();
        _ops = new MlxOps(_stream);
        _activations = new MlxActivations(_ops, compiles: _metal);
        _byToken = TokenRows;
        _leave = outer => _scope = outer;
        _scope = _outermost = new MlxScope(null, _leave, _lists);
    }

    /// <inheritdoc/>
    public string Name => "mlx";

    /// <summary>The version of MLX.</summary>
    public Version Version { get; }

    /// <summary>Whether MLX can be used in this process.</summary>
    /// <param name="reason">Why not; null if it can.</param>
    public static bool IsAvailable(out string? reason) => MlxLibrary.IsAvailable(out reason);

    /// <summary>Whether a GPU computes; otherwise it is MLX's CPU device.</summary>
    public bool OnMetal => _metal;

    /// <inheritdoc/>
    public BackendCounters Counters { get; } = new();

    /// <inheritdoc/>
    public bool RunsAhead => true;

    /// <inheritdoc/>
    public void Trim()
    {
        ForgetPeriods();
        MlxThread.FreeAbandoned();
        // What a failed command left on the stream would be thrown at the next model: asking for it takes it away.
        _ = MlxC.mlx_synchronize(_stream);
        MlxError.Check(MlxC.mlx_clear_cache());
    }

    /// <inheritdoc/>
    public LinearWeight LoadLinear(StoredLinear stored)
    {
        var (weight, scales, biases) = LoadMatrix(stored);
        return new MlxLinear(
            stored.InFeatures, stored.OutFeatures, weight, scales, biases, stored.Bias is null ? null : LoadFloats(stored.Bias), stored.Format);
    }

    /// <inheritdoc/>
    public EmbeddingWeight LoadEmbedding(StoredLinear stored)
    {
        var (weight, scales, biases) = LoadMatrix(stored);
        return new MlxEmbedding(stored.OutFeatures, stored.InFeatures, weight, scales, biases, stored.Format);
    }

    /// <inheritdoc/>
    public Tensor LoadTensor(StoredTensor stored, float offset = 0)
    {
        var array = LoadFloats(stored);
        if (offset != 0)
        {
            using var plain = array;
            using var number = _ops.ScalarLike(offset, plain);
            array = Evaluated(_ops.Add(plain, number));
        }

        var shape = stored.Shape.Count == 1 ? new Shape(stored.Shape[0]) : new Shape(stored.Shape[0], stored.Shape[1]);
        return new MlxTensor(shape, MlxFormat.Type(array.Type), array);
    }

    /// <inheritdoc/>
    public void Free(Tensor loaded) => _outermost.Free(MlxTensor.Own(loaded));

    /// <inheritdoc/>
    public SequenceCache CreateCache(IReadOnlyList<LayerState> layers) => new MlxCache(layers, _ops);

    /// <inheritdoc/>
    public Batch Begin(IReadOnlyList<BatchRow> rows, ReadOnlySpan<int> tokens, ReadOnlySpan<int> types = default)
    {
        Count(rows, tokens.Length);
        if (types.Length != 0 && types.Length != tokens.Length)
            throw new ArgumentException($"There are {types.Length} types for {tokens.Length} tokens.", nameof(types));
        return new MlxBatch(this, rows, tokens, types);
    }

    /// <inheritdoc/>
    public Batch Begin(IReadOnlyList<BatchRow> rows, Tensor tokens)
    {
        Count(rows, tokens.Shape[0]);
        return new MlxBatch(this, rows, MlxTensor.Of(tokens));
    }

    /// <inheritdoc/>
    public IScope Scope()
    {
        MlxThread.Assert();
        return _scope = new MlxScope(_scope, _leave, _lists);
    }

    /// <summary>The bare loop on the same stream.</summary>
    public MlxBareLoop CreateBareLoop(BareLlama model, ICheckpoint checkpoint) => new(model, checkpoint, _stream, stored: _metal);

    /// <summary>Waits until everything that was started is computed.</summary>
    public void Wait() => MlxError.Check(MlxC.mlx_synchronize(_stream));

    /// <summary>Starts to compute arrays without waiting for them.</summary>
    public void EvaluateAhead(IReadOnlyList<MlxArray> arrays)
    {
        if (arrays.Count == 0)
            return;
        var vector = MlxOps.Vector(arrays);
        try
        {
            MlxError.Check(MlxC.mlx_async_eval(vector));
            Counters.Evaluations++;
        }
        finally
        {
            _ = MlxC.mlx_vector_array_free(vector);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_scope is not null)
            _scope.Dispose();
        ForgetPeriods();
        _activations.Dispose();
        MlxThread.FreeAbandoned();
        _ = MlxC.mlx_clear_cache();
        _ = MlxC.mlx_stream_free(_stream);
        MlxThread.Release();
    }

    private void Count(IReadOnlyList<BatchRow> rows, int tokens)
    {
        MlxThread.Assert();
        MlxThread.FreeAbandoned();
        if (rows.Count == 0 || rows.Any(row => row.Count < 1))
            throw new ArgumentException("A step needs sequences, each with at least one token.", nameof(rows));
        if (rows.Sum(row => row.Count) != tokens)
            throw new ArgumentException($"The sequences have {rows.Sum(row => row.Count)} tokens, the step {tokens}.", nameof(tokens));
        Counters.Steps++;
        Counters.Tokens += rows.Sum(row => row.Count);
    }

    private MlxTensor New(Shape shape, MlxArray array) => Own(new MlxTensor(shape, MlxFormat.Type(array.Type), array));

    private MlxTensor Own(MlxTensor tensor) => _scope!.Own(tensor);

    private (MlxArray Weight, MlxArray? Scales, MlxArray? Biases) LoadMatrix(StoredLinear stored)
    {
        if (stored.Format is not { } format)
            return (LoadFloats(stored.Weight), null, null);
        bool affine = format.Mode == QuantizationMode.Affine;
        return (
            Load(stored.Weight),
            affine ? LoadFloats(stored.Scales!) : Load(stored.Scales!),
            affine ? LoadFloats(stored.Biases!) : null);
    }

    private static MlxArray Load(StoredTensor stored)
    {
        int[] shape = [.. stored.Shape];
        return MlxArray.From(stored.Data, shape, MlxFormat.Type(stored.Type));
    }

    /// <summary>Numbers in the type that we compute in: the stored one on Metal, f32 on the CPU device.</summary>
    private MlxArray LoadFloats(StoredTensor stored)
    {
        var array = Load(stored);
        if (_metal || stored.Type == DType.F32)
            return array;
        using (array)
            return Evaluated(_ops.As(array, mlx_dtype.MLX_FLOAT32));
    }

    private static MlxArray Evaluated(MlxArray array)
    {
        MlxError.Check(MlxC.mlx_array_eval(array.Handle));
        return array;
    }
}
