using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Row operations but for products.</summary>
public abstract partial class BackendConformance
{
    public static TheoryData<Activation> Activations() => [.. Enum.GetValues<Activation>()];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(2, 64)]
    [InlineData(5, 133)]
    [InlineData(700, 48)]
    [Covers(nameof(IBackend.RmsNorm), nameof(IBackend.LayerNorm))]
    public void Norms_of_any_width(int rows, int width)
    {
        var (x, weight, bias) = (_data.Numbers(rows * width), _data.Numbers(width), _data.Numbers(width));
        Same(b => b.RmsNorm(Make(b, x, new Shape(rows, width)), Make(b, weight, new Shape(width)), 1e-5f));
        Same(b => b.RmsNorm(Make(b, x, new Shape(rows, 1, width)), null, 1e-6f));
        Same(b => b.LayerNorm(Make(b, x, new Shape(rows, width)), Make(b, weight, new Shape(width)), Make(b, bias, new Shape(width)), 1e-5f));
        Same(b => b.LayerNorm(Make(b, x, new Shape(rows, width)), null, null, 1e-5f));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(2, 16)]
    [InlineData(300, 99)]
    [Covers(nameof(IBackend.Add), nameof(IBackend.Multiply), nameof(IBackend.Scale))]
    public void Sums_and_products_of_equal_shapes_and_of_rows_with_a_vector(int rows, int width)
    {
        var (a, b, vector) = (_data.Numbers(rows * width), _data.Numbers(rows * width), _data.Numbers(width));
        var shape = new Shape(rows, width);
        Same(k => k.Add(Make(k, a, shape), Make(k, b, shape)), 0);
        Same(k => k.Add(Make(k, a, shape), Make(k, vector, new Shape(width))), 0);
        Same(k => k.Multiply(Make(k, a, shape), Make(k, b, shape)), 0);
        Same(k => k.Multiply(Make(k, a, shape), Make(k, vector, new Shape(width))), 0);
        Same(k => k.Scale(Make(k, a, shape), -0.3f), 1e-7f);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    [Covers(nameof(IBackend.Activate))]
    public void Activations_over_the_whole_range(Activation activation)
    {
        float[] x = [.. Enumerable.Range(-2000, 4001).Select(i => i / 100f), 1e-30f, -1e-30f, 88, -88, 104, -104, 1000, -1000];
        Same(b => b.Activate(Make(b, x, new Shape(1, x.Length)), activation), 1e-6f);
    }

    [Fact]
    public void Activations_pass_on_what_is_no_number()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var (numbers, _) = Compute(Backend, b => b.Activate(Make(b, [1, float.NaN, 1], new Shape(1, 3)), activation));
            Assert.True(float.IsNaN(numbers[1]), $"{activation} made {numbers[1]} of it.");
            Assert.True(float.IsFinite(numbers[2]));
        }
    }

    [Fact]
    [Covers(nameof(IBackend.SoftCap))]
    public void Soft_caps()
    {
        float[] x = [.. Enumerable.Range(-300, 601).Select(i => i / 3f), 1e-6f, 1e9f, -1e9f];
        Same(b => b.SoftCap(Make(b, x, new Shape(1, x.Length)), 30), 1e-6f);
    }

    [Fact]
    [Covers(nameof(IBackend.Reshape), nameof(IBackend.Split))]
    public void Shapes_change_and_columns_come_apart()
    {
        var x = _data.Numbers(5 * 12);
        Same(b => b.Reshape(Make(b, x, new Shape(5, 12)), new Shape(5, 3, 4)), 0);
        for (var part = 0; part < 3; part++)
            Same(b => b.Split(Make(b, x, new Shape(5, 12)), 3, 8, 1)[part], 0);
        using var scope = Backend.Scope();
        Assert.Throws<ArgumentException>(() => Backend.Reshape(Make(Backend, x, new Shape(5, 12)), new Shape(5, 11)));
        Assert.Throws<ArgumentException>(() => Backend.Split(Make(Backend, x, new Shape(5, 12)), 3, 8));
    }
}
