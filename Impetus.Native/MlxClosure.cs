using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Impetus.Native.Interop;

namespace Impetus.Native;

/// <summary>
/// A function on arrays that MLX can call, and compile. The function describes a graph: it must not evaluate, and arrays that it
/// captures become constants. MLX calls it while it is applied, or, compiled, once for each shape of its arguments, or once for all.
/// </summary>
/// <remarks>
/// MLX's thread only, freeing included: compiled graphs are kept by thread. One that is forgotten is freed on that thread after the
/// garbage collector finds it.
/// </remarks>
internal sealed unsafe class MlxClosure : IDisposable
{
    private static long _live;

    private readonly Function _function;
    private mlx_closure _handle;

    /// <summary>Makes a function known to MLX.</summary>
    /// <exception cref="MlxException">MLX could not take it.</exception>
    public MlxClosure(Func<IReadOnlyList<MlxArray>, MlxArray> function)
    {
        MlxThread.Assert();
        _function = new Function(function);
        // MLX frees the payload when the last copy of the closure goes, one inside a compiled graph included.
        _handle = MlxC.mlx_closure_new_func_payload(&Call, (void*)GCHandle.ToIntPtr(GCHandle.Alloc(_function)), &Free);
        Interlocked.Increment(ref _live);
        MlxError.CheckHandle(_handle.ctx);
    }

    private MlxClosure(Function function, mlx_closure handle) => (_function, _handle) = (function, handle);

    ~MlxClosure()
    {
        var lost = _handle;
        if (lost.ctx != 0)
            MlxThread.Abandon(() => _ = MlxC.mlx_closure_free(lost));
    }

    /// <summary>How many functions MLX holds now.</summary>
    public static long Live => Interlocked.Read(ref _live);

    /// <summary>The same function as one fused graph.</summary>
    /// <param name="shapeless">Whether one graph serves all shapes; the function must not look at them then.</param>
    /// <exception cref="MlxException">MLX could not take it.</exception>
    public MlxClosure Compile(bool shapeless)
    {
        MlxThread.Assert();
        mlx_closure compiled = default;
        MlxError.Check(MlxC.mlx_compile(&compiled, _handle, shapeless));
        return new MlxClosure(_function, compiled);
    }

    /// <summary>Adds the function's result to the graph.</summary>
    /// <exception cref="MlxException">The function failed, or MLX did.</exception>
    public MlxArray Apply(params ReadOnlySpan<MlxArray> arguments)
    {
        MlxThread.Assert();
        ObjectDisposedException.ThrowIf(_handle.ctx == 0, this);
        mlx_vector_array inputs = MlxC.mlx_vector_array_new(), outputs = default;
        try
        {
            foreach (var argument in arguments)
                MlxError.Check(MlxC.mlx_vector_array_append_value(inputs, argument.Handle));
            _function.Fault = null;
            int code = MlxC.mlx_closure_apply(&outputs, _handle, inputs);
            if (code != 0 && _function.Fault is { } fault)
                throw new MlxException(fault.Message);
            MlxError.Check(code);
            mlx_array result = default;
            MlxError.Check(MlxC.mlx_vector_array_get(&result, outputs, 0));
            return new MlxArray(result);
        }
        finally
        {
            _ = MlxC.mlx_vector_array_free(inputs);
            if (outputs.ctx != 0)
                _ = MlxC.mlx_vector_array_free(outputs);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle.ctx == 0)
            return;
        MlxThread.Assert();
        _ = MlxC.mlx_closure_free(_handle);
        _handle = default;
        GC.SuppressFinalize(this);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Call(mlx_vector_array* result, mlx_vector_array arguments, void* payload)
    {
        var function = (Function)GCHandle.FromIntPtr((nint)payload).Target!;
        var inputs = new List<MlxArray>();
        try
        {
            for (nuint i = 0; i < MlxC.mlx_vector_array_size(arguments); i++)
            {
                mlx_array argument = default;
                MlxError.Check(MlxC.mlx_vector_array_get(&argument, arguments, i));
                inputs.Add(new MlxArray(argument));
            }

            using var output = function.Graph(inputs);
            var handle = output.Handle;
            MlxError.Check(MlxC.mlx_vector_array_set_data(result, &handle, 1));
            return 0;
        }
        catch (Exception fault)
        {
            // No exception may pass through C; Apply throws this one.
            function.Fault = fault;
            return 1;
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* payload)
    {
        GCHandle.FromIntPtr((nint)payload).Free();
        Interlocked.Decrement(ref _live);
    }

    /// <summary>What MLX gets a pointer to.</summary>
    private sealed class Function(Func<IReadOnlyList<MlxArray>, MlxArray> graph)
    {
        public Func<IReadOnlyList<MlxArray>, MlxArray> Graph => graph;

        /// <summary>Why it failed last.</summary>
        public Exception? Fault { get; set; }
    }
}
