namespace Impetus.Engine.Tokenization.Unicode;

/// <summary>
/// An immutable set of Unicode code points, held as an inversion list: sorted boundaries where membership toggles,
/// the first of them inclusive. Thread safe.
/// </summary>
internal sealed class CodePointSet
{
    private const int CodePoints = 0x110000;

    private readonly int[] _boundaries;
    private ulong[]? _basicPlane;

    private CodePointSet(int[] boundaries) => _boundaries = boundaries;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([0, CodePoints]);

    public bool IsEmpty => _boundaries.Length == 0;

    /// <summary>The code points from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static CodePointSet Range(int first, int last) => first > last ? Empty : new([first, last + 1]);

    public static CodePointSet Of(params ReadOnlySpan<int> codePoints)
    {
        var sorted = codePoints.ToArray();
        Array.Sort(sorted);
        var boundaries = new List<int>();
        foreach (int codePoint in sorted)
        {
            if (boundaries.Count > 0 && boundaries[^1] >= codePoint)
                boundaries[^1] = codePoint + 1;
            else
                boundaries.AddRange([codePoint, codePoint + 1]);
        }
        return new CodePointSet([.. boundaries]);
    }

    /// <summary>A set from ranges that are sorted and do not touch: first, last + 1, first, last + 1 …</summary>
    public static CodePointSet FromBoundaries(int[] boundaries) => new(boundaries);

    public bool Contains(int codePoint)
    {
        if ((uint)codePoint < 0x10000)
        {
            var plane = _basicPlane ?? BuildBasicPlane();
            return (plane[codePoint >> 6] >> codePoint & 1) != 0;
        }
        int index = Array.BinarySearch(_boundaries, codePoint);
        int passed = index >= 0 ? index + 1 : ~index;
        return (passed & 1) != 0;
    }

    public CodePointSet Complement()
    {
        if (IsEmpty)
            return All;
        var boundaries = new List<int>(_boundaries.Length + 2);
        if (_boundaries[0] != 0)
            boundaries.Add(0);
        boundaries.AddRange(_boundaries[0] == 0 ? _boundaries.AsSpan(1) : _boundaries);
        if (boundaries.Count > 0 && boundaries[^1] == CodePoints)
            boundaries.RemoveAt(boundaries.Count - 1);
        else
            boundaries.Add(CodePoints);
        return new CodePointSet([.. boundaries]);
    }

    public CodePointSet Union(CodePointSet other) => Combine(this, other, wanted: 1);

    public CodePointSet Intersect(CodePointSet other) => Combine(this, other, wanted: 2);

    public IEnumerable<(int First, int Last)> Ranges()
    {
        for (int i = 0; i < _boundaries.Length; i += 2)
            yield return (_boundaries[i], _boundaries[i + 1] - 1);
    }

    /// <summary>The code points that lie in at least <paramref name="wanted"/> of the two sets.</summary>
    private static CodePointSet Combine(CodePointSet left, CodePointSet right, int wanted)
    {
        var result = new List<int>();
        int l = 0, r = 0;
        bool inside = false;
        while (l < left._boundaries.Length || r < right._boundaries.Length)
        {
            int nextLeft = l < left._boundaries.Length ? left._boundaries[l] : int.MaxValue;
            int nextRight = r < right._boundaries.Length ? right._boundaries[r] : int.MaxValue;
            int boundary = Math.Min(nextLeft, nextRight);
            if (nextLeft == boundary)
                l++;
            if (nextRight == boundary)
                r++;
            bool now = (l & 1) + (r & 1) >= wanted;
            if (now != inside)
                result.Add(boundary);
            inside = now;
        }
        return new CodePointSet([.. result]);
    }

    private ulong[] BuildBasicPlane()
    {
        var plane = new ulong[0x10000 / 64];
        foreach (var (first, last) in Ranges())
            for (int c = first; c <= Math.Min(last, 0xFFFF); c++)
                plane[c >> 6] |= 1UL << c;
        return _basicPlane = plane;
    }
}
