namespace Impetus.Engine.Tensors;

/// <summary>
/// The extents of a tensor, outermost first; at most four. Names in comments say what each axis counts:
/// T tokens of a step, S sequences, D features, H heads, V vocabulary.
/// </summary>
public readonly record struct Shape
{
    private readonly int _a, _b, _c, _d;

    /// <summary>A vector of <paramref name="a"/> elements.</summary>
    public Shape(int a) => (Rank, _a, _b, _c, _d) = (1, a, 1, 1, 1);

    /// <summary>A matrix of (<paramref name="a"/>, <paramref name="b"/>).</summary>
    public Shape(int a, int b) => (Rank, _a, _b, _c, _d) = (2, a, b, 1, 1);

    /// <summary>A tensor of (<paramref name="a"/>, <paramref name="b"/>, <paramref name="c"/>).</summary>
    public Shape(int a, int b, int c) => (Rank, _a, _b, _c, _d) = (3, a, b, c, 1);

    /// <summary>A tensor of four axes.</summary>
    public Shape(int a, int b, int c, int d) => (Rank, _a, _b, _c, _d) = (4, a, b, c, d);

    /// <summary>How many axes there are, 1 to 4.</summary>
    public int Rank { get; }

    /// <summary>The extent of one axis; negative numbers count from the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => (axis < 0 ? axis + Rank : axis) switch
    {
        0 when Rank > 0 => _a,
        1 when Rank > 1 => _b,
        2 when Rank > 2 => _c,
        3 when Rank > 3 => _d,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, $"A shape of rank {Rank} has no such axis."),
    };

    /// <summary>How many elements there are in all.</summary>
    public long Count => (long)_a * _b * _c * _d;

    /// <summary>The product of all axes but the last: how many vectors of <c>this[-1]</c> elements there are.</summary>
    public int Vectors => checked((int)(Count / this[-1]));

    /// <inheritdoc/>
    public override string ToString() => Rank switch
    {
        1 => $"({_a})",
        2 => $"({_a}, {_b})",
        3 => $"({_a}, {_b}, {_c})",
        _ => $"({_a}, {_b}, {_c}, {_d})",
    };
}
