using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>
/// What every backend must do, checked against the plain loops of <see cref="ReferenceBackend"/> and, where there are
/// fixtures, against MLX. A backend joins by a subclass that makes it.
/// </summary>
public abstract partial class BackendConformance : IDisposable
{
    private readonly StoredData _data = new();
    private readonly ReferenceBackend _reference = new();
    private readonly List<IDisposable> _weights = [];
    private IBackend? _backend;

    /// <summary>Whether a row's bits depend on nothing but its own sequence.</summary>
    protected virtual bool BatchInvariant => false;

    private IBackend Backend => _backend ??= CreateBackend();

    public virtual void Dispose()
    {
        _weights.ForEach(weight => weight.Dispose());
        _backend?.Dispose();
        _reference.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the backend; a test that it cannot run is skipped from here.</summary>
    protected abstract IBackend CreateBackend();

    /// <summary>Makes it with a number of threads, where it has any.</summary>
    protected virtual IBackend CreateBackend(int threads) => CreateBackend();

    [Fact]
    [Covers(nameof(IBackend.Name))]
    public void It_has_a_short_name() => Assert.Matches("^[a-z]+$", Backend.Name);

    [Fact]
    [Covers(nameof(IBackend.Scope))]
    public void A_kept_tensor_outlives_its_scope_and_no_other_does()
    {
        using var outer = Backend.Scope();
        Tensor kept, lost;
        using (var inner = Backend.Scope())
        {
            kept = inner.Keep(Make(Backend, [1, 2, 3], new Shape(1, 3)));
            lost = Backend.Scale(kept, 2);
        }

        Assert.Equal([1, 2, 3], Read(Backend, kept));
        Assert.ThrowsAny<Exception>(() => Read(Backend, lost));
    }

    [Fact]
    public void A_tensor_that_another_is_kept_instead_of_is_freed_at_once_but_not_its_views()
    {
        using var outer = Backend.Scope();
        var first = Backend.Scale(Make(Backend, [1, 2, 3, 4], new Shape(2, 2)), 1);
        var view = Backend.Reshape(first, new Shape(4));
        Tensor second, third;
        using (var inner = Backend.Scope())
            second = inner.Keep(Backend.Scale(first, 2), insteadOf: first);
        using (var inner = Backend.Scope())
        {
            third = inner.Keep(Backend.Scale(second, 2), insteadOf: second);
            Assert.ThrowsAny<Exception>(() => Read(Backend, second));
        }

        using (var inner = Backend.Scope())
            inner.Keep(third, insteadOf: third);
        Assert.Equal([4, 8, 12, 16], Read(Backend, third));
        Assert.Equal([1, 2, 3, 4], Read(Backend, view));
    }

    [Fact]
    public void A_view_keeps_the_numbers_that_its_origin_gives_up()
    {
        using var outer = Backend.Scope();
        Tensor view;
        using (var inner = Backend.Scope())
        {
            var origin = Backend.Scale(Make(Backend, [1, 2, 3, 4], new Shape(2, 2)), 1);
            view = inner.Keep(Backend.Reshape(origin, new Shape(4)));
        }

        Backend.Scale(view, 7);
        Assert.Equal([1, 2, 3, 4], Read(Backend, view));
    }

    [Fact]
    [Covers(nameof(IBackend.LoadTensor), nameof(IBackend.Free), nameof(IBackend.Read))]
    public void Loaded_tensors_are_read_back_with_their_offset()
    {
        foreach (var type in new[] { DType.F32, DType.F16, DType.BF16 })
        {
            var loaded = Backend.LoadTensor(_data.Dense([0.5f, -2, 3.25f], type, 3), offset: 1);
            Assert.Equal([1.5f, -1, 4.25f], Read(Backend, loaded));
            Backend.Free(loaded);
        }
    }

    [Fact]
    [Covers(nameof(IBackend.Counters), nameof(IBackend.Begin))]
    public void Steps_tokens_logits_and_reads_are_counted()
    {
        using var scope = Backend.Scope();
        using var batch = Backend.Begin([new BatchRow(2), new BatchRow(3, Logits: LogitsWanted.All)], [1, 2, 3, 4, 5]);
        Read(Backend, Backend.Wanted(Make(Backend, new float[10], new Shape(5, 2)), batch));
        Assert.Equal((1, 5, 4, 1), (Backend.Counters.Steps, Backend.Counters.Tokens, Backend.Counters.LogitRows, Backend.Counters.HostReads));
    }

    [Fact]
    public void A_step_whose_tokens_do_not_fit_its_sequences_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Backend.Begin([new BatchRow(2)], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Backend.Begin([new BatchRow(0)], []));
        Assert.Throws<ArgumentException>(() => Backend.Begin([], []));
    }

    private static Tensor Make(IBackend backend, float[] numbers, Shape shape)
    {
        var data = new StoredData();
        var flat = backend.LoadTensor(data.Dense(numbers, DType.F32, numbers.Length));
        var scaled = backend.Scale(flat, 1);
        backend.Free(flat);
        return backend.Reshape(scaled, shape);
    }

    private static float[] Read(IBackend backend, Tensor tensor)
    {
        var numbers = new float[tensor.Shape.Count];
        backend.Read(tensor, numbers);
        return numbers;
    }

    /// <summary>The same operation on the reference and on the backend, number for number.</summary>
    private void Same(Func<IBackend, Tensor> operation, float tolerance = 1e-5f)
    {
        var (expected, shape) = Compute(_reference, operation);
        var (actual, actualShape) = Compute(Backend, operation);
        Assert.Equal(shape, actualShape);
        Near(expected, actual, tolerance);
    }

    private static (float[] Numbers, Shape Shape) Compute(IBackend backend, Func<IBackend, Tensor> operation)
    {
        using var scope = backend.Scope();
        var tensor = operation(backend);
        return (Read(backend, tensor), tensor.Shape);
    }

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance = 1e-5f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (float.IsFinite(expected[i]))
                Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"[{i}]: {expected[i]} expected, {actual[i]} found.");
            else
                Assert.Equal(expected[i], actual[i]);
        }
    }
}
