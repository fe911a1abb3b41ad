using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance.Reference;

/// <summary>Row operations.</summary>
internal partial class ReferenceBackend
{
    public Tensor Embed(EmbeddingWeight table, Batch batch, Lookup by = Lookup.Token, int offset = 0)
    {
        var step = (ReferenceBatch)batch;
        var ids = by switch
        {
            Lookup.Token => step.Tokens,
            Lookup.Position => step.Positions,
            _ => step.Types,
        };
        foreach (var id in ids)
        {
            if (id + offset < 0 || id + offset >= table.Count)
                throw new ArgumentOutOfRangeException(nameof(batch), id, $"The table has {table.Count} rows.");
        }

        var values = ((ReferenceEmbedding)table).Values;
        var width = table.Width;
        return New(new Shape(ids.Length, width), i => values[((ids[i / width] + offset) * width) + (i % width)]);
    }

    public Tensor Project(Tensor x, LinearWeight weight)
    {
        var (rows, linear) = (Values(x), (ReferenceLinear)weight);
        var (inFeatures, outFeatures) = (linear.InFeatures, linear.OutFeatures);
        if (x.Shape[-1] != inFeatures)
            throw new ArgumentException($"The matrix takes rows of {inFeatures}, not {x.Shape}.", nameof(x));

        return New(new Shape(x.Shape.Vectors, outFeatures), i =>
        {
            var (row, column) = (i / outFeatures, i % outFeatures);
            double sum = linear.Bias?[column] ?? 0;
            for (var k = 0; k < inFeatures; k++)
                sum += (double)rows[(row * inFeatures) + k] * linear.Values[((long)column * inFeatures) + k];
            return (float)sum;
        });
    }

    public Tensor[] Project(Tensor x, params ReadOnlySpan<LinearWeight> weights)
    {
        var products = new Tensor[weights.Length];
        for (var i = 0; i < weights.Length; i++)
            products[i] = Project(x, weights[i]);
        return products;
    }

    public Tensor GatedProject(Tensor x, LinearWeight gate, LinearWeight up, Activation activation) =>
        Multiply(Activate(Project(x, gate), activation), Project(x, up));

    public Tensor RmsNorm(Tensor x, Tensor? weight, float epsilon)
    {
        var (values, width) = (Values(x), x.Shape[-1]);
        var scale = Values(weight, width);
        var normed = new float[values.Length];
        for (var row = 0; row < values.Length; row += width)
        {
            var squares = 0.0;
            for (var i = 0; i < width; i++)
                squares += (double)values[row + i] * values[row + i];
            var factor = 1 / Math.Sqrt((squares / width) + epsilon);
            for (var i = 0; i < width; i++)
                normed[row + i] = (float)(values[row + i] * factor * (scale?[i] ?? 1));
        }

        return New(x.Shape, normed);
    }

    public Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, float epsilon)
    {
        var (values, width) = (Values(x), x.Shape[-1]);
        var (scale, shift) = (Values(weight, width), Values(bias, width));
        var normed = new float[values.Length];
        for (var row = 0; row < values.Length; row += width)
        {
            var mean = 0.0;
            for (var i = 0; i < width; i++)
                mean += values[row + i] / (double)width;
            var variance = 0.0;
            for (var i = 0; i < width; i++)
                variance += Math.Pow(values[row + i] - mean, 2) / width;
            var factor = 1 / Math.Sqrt(variance + epsilon);
            for (var i = 0; i < width; i++)
                normed[row + i] = (float)(((values[row + i] - mean) * factor * (scale?[i] ?? 1)) + (shift?[i] ?? 0));
        }

        return New(x.Shape, normed);
    }

    public Tensor Add(Tensor a, Tensor b) => Pairwise(a, b, (left, right) => left + right);

    public Tensor Multiply(Tensor a, Tensor b) => Pairwise(a, b, (left, right) => left * right);

    public Tensor Scale(Tensor x, float factor) => Each(x, value => value * factor);

    public Tensor Activate(Tensor x, Activation activation) => Each(x, activation switch
    {
        Activation.Silu => value => value / (1 + Math.Exp(-value)),
        Activation.Gelu => value => 0.5 * value * (1 + Erf(value / Math.Sqrt(2))),
        Activation.GeluTanh => value => 0.5 * value * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (value + (0.044715 * value * value * value)))),
        Activation.Relu => value => Math.Max(value, 0),
        Activation.ReluSquared => value => Math.Pow(Math.Max(value, 0), 2),
        Activation.Tanh => Math.Tanh,
        _ => throw new NotSupportedException($"{activation} is not a known activation."),
    });

    public Tensor SoftCap(Tensor x, float cap) => Each(x, value => cap * Math.Tanh(value / cap));

    public Tensor Reshape(Tensor x, Shape shape)
    {
        if (shape.Count != x.Shape.Count)
            throw new ArgumentException($"{x.Shape} has not as many elements as {shape}.", nameof(shape));
        return New(shape, Values(x));
    }

    public Tensor[] Split(Tensor x, params ReadOnlySpan<int> widths)
    {
        var (values, width, rows) = (Values(x), x.Shape[-1], x.Shape.Vectors);
        var parts = new Tensor[widths.Length];
        var first = 0;
        for (var part = 0; part < parts.Length; part++)
        {
            var (start, partWidth) = (first, widths[part]);
            parts[part] = New(new Shape(rows, partWidth), i => values[(i / partWidth * width) + start + (i % partWidth)]);
            first += partWidth;
        }

        if (first != width)
            throw new ArgumentException($"The widths sum to {first}, not to {width}.", nameof(widths));
        return parts;
    }

    private ReferenceTensor Each(Tensor x, Func<double, double> function)
    {
        var values = Values(x);
        return New(x.Shape, i => (float)function(values[i]));
    }

    private ReferenceTensor Pairwise(Tensor a, Tensor b, Func<float, float, float> function)
    {
        var (left, right) = (Values(a), Values(b));
        if (a.Shape != b.Shape && (b.Shape.Rank != 1 || b.Shape[0] != a.Shape[-1]))
            throw new ArgumentException($"{b.Shape} goes neither with {a.Shape} nor with its rows.", nameof(b));
        return New(a.Shape, i => function(left[i], right[i % right.Length]));
    }

    /// <summary>The error function by its series, and beyond 3 by the continued fraction of its complement.</summary>
    private static double Erf(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) > 6)
            return double.IsNaN(x) ? x : Math.Sign(x);
        if (Math.Abs(x) > 3)
        {
            var tail = 0.0;
            for (var n = 60; n > 0; n--)
                tail = n / 2.0 / (Math.Abs(x) + tail);
            return Math.Sign(x) * (1 - (Math.Exp(-x * x) / ((Math.Abs(x) + tail) * Math.Sqrt(Math.PI))));
        }

        var (term, sum) = (x, x);
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
