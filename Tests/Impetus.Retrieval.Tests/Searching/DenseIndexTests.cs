using CsCheck;
using Impetus.Retrieval.Searching.Dense;

namespace Impetus.Retrieval.Tests.Searching;

public sealed class DenseIndexTests
{
    [Fact]
    public void Every_way_to_multiply_bytes_gives_the_same_sum() =>
        Gen.Select(Gen.SByte[-127, 127].Array[0, 200], Gen.Int[0, int.MaxValue]).Sample((a, seed) =>
        {
            sbyte[] b = new sbyte[a.Length];
            var random = new Random(seed);
            for (int i = 0; i < b.Length; i++)
                b[i] = (sbyte)random.Next(-127, 128);
            int expected = a.Zip(b, (x, y) => x * y).Sum();
            Assert.Equal(expected, Int8Vector.Dot(a, b));
            if (a.Length > 0)
                Assert.Equal(expected, Int8Vector.DotPortable(ref a[0], ref b[0], a.Length));
        });

    [Fact]
    public void A_quantised_value_is_off_by_half_a_step_at_most() =>
        Gen.Float[-2, 2].Array[0, 200].Sample(vector =>
        {
            sbyte[] quantized = new sbyte[vector.Length];
            float scale = Int8Vector.Quantize(vector, quantized);
            for (int i = 0; i < vector.Length; i++)
                Assert.InRange(quantized[i] * scale - vector[i], -0.501f * scale - 1e-30f, 0.501f * scale + 1e-30f);
        });

    [Fact]
    public void Extreme_bytes_do_not_overflow()
    {
        sbyte[] most = [.. Enumerable.Repeat((sbyte)-127, 4_096)];
        Assert.Equal(4_096 * 127 * 127, Int8Vector.Dot(most, most));
        Assert.Equal(4_096 * 127 * 127, Int8Vector.DotPortable(ref most[0], ref most[0], most.Length));
    }

    [Fact]
    public void The_nearest_by_bytes_hold_the_nearest_by_floats_over_many_segments()
    {
        const int Rows = 40_000;
        var index = new DenseIndex(48);
        float[][] vectors = Vectors(Rows, 48, seed: 1);
        for (int document = 1; document <= Rows / 100; document++)
            index.Add(document, [.. Enumerable.Range((document - 1) * 100, 100).Select(row => ((long)row + 1, vectors[row]))]);
        foreach (float[] query in Vectors(10, 48, seed: 2))
        {
            long[] exact = [.. Enumerable.Range(0, Rows).OrderByDescending(row => Int8Vector.Dot(query, vectors[row])).Take(10).Select(row => row + 1L)];
            Assert.Subset(index.Search(query, 100, null).Select(hit => hit.Chunk).ToHashSet(), exact.ToHashSet());
        }
    }

    [Fact]
    public void Removed_documents_are_not_found_and_their_rows_are_used_again()
    {
        const int Documents = 500;
        var index = new DenseIndex(16);
        float[][] vectors = Vectors(Documents * 100, 16, seed: 3);
        for (int document = 1; document <= Documents; document++)
            index.Add(document, [.. Enumerable.Range((document - 1) * 100, 100).Select(row => ((long)row + 1, vectors[row]))]);
        for (int document = 1; document <= Documents; document += 2)
            index.Remove(document);
        Assert.Equal(Documents * 50, index.Count);
        var found = index.Search(vectors[0], 100, null);
        Assert.Equal(100, found.Count);
        Assert.All(found, hit => Assert.Equal(0, (hit.Chunk - 1) / 100 % 2 == 0 ? 1 : 0));
    }

    [Fact]
    public void A_document_that_was_deleted_while_it_was_loaded_does_not_come_back()
    {
        var index = new DenseIndex(4);
        index.Load(1, 10, [1, 0, 0, 0]);
        index.Remove(1);
        index.Load(1, 11, [1, 0, 0, 0]);
        index.Add(1, [(12, [1, 0, 0, 0])]);
        index.Add(2, [(20, [0, 1, 0, 0])]);
        index.Load(2, 20, [0, 1, 0, 0]);
        Assert.Equal([20L], index.Search([1, 0, 0, 0], 10, null).Select(hit => hit.Chunk));
    }

    [Fact]
    public void Only_allowed_documents_are_searched()
    {
        var index = new DenseIndex(2);
        index.Add(1, [(1, [1, 0])]);
        index.Add(2, [(2, [0, 1])]);
        Assert.Equal([2L], index.Search([1, 0], 10, new HashSet<long> { 2 }).Select(hit => hit.Chunk));
    }

    private static float[][] Vectors(int count, int dimensions, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() + random.NextDouble() - 1))];
            float length = MathF.Sqrt(Int8Vector.Dot(vector, vector));
            return vector.Select(value => value / length).ToArray();
        })];
    }
}
