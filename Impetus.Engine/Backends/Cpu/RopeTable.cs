using Impetus.Engine.Tensors;

namespace Impetus.Engine.Backends.Cpu;

/// <summary>Cosines and sines by position, computed in double precision when a position is first met. Engine thread only.</summary>
internal sealed class RopeTable(RopeFrequencies frequencies)
{
    private int _positions;

    /// <summary>(positions, pairs): cosine times magnitude.</summary>
    public float[] Cos { get; private set; } = [];

    /// <summary>(positions, pairs): sine times magnitude.</summary>
    public float[] Sin { get; private set; } = [];

    /// <summary>Computes what is missing up to <paramref name="position"/>.</summary>
    public void Cover(int position)
    {
        if (position < _positions)
            return;

        var pairs = frequencies.InverseFrequencies.Length;
        var wanted = Math.Max(position + 1, Math.Max(256, 2 * _positions));
        var (cos, sin) = (new float[(long)wanted * pairs], new float[(long)wanted * pairs]);
        Cos.CopyTo(cos, 0);
        Sin.CopyTo(sin, 0);
        for (var p = _positions; p < wanted; p++)
        {
            for (var i = 0; i < pairs; i++)
            {
                var (s, c) = Math.SinCos((double)p * frequencies.InverseFrequencies[i]);
                cos[(p * pairs) + i] = (float)(c * frequencies.Magnitude);
                sin[(p * pairs) + i] = (float)(s * frequencies.Magnitude);
            }
        }

        (Cos, Sin, _positions) = (cos, sin, wanted);
    }
}
