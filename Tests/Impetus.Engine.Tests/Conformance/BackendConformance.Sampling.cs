using Impetus.Engine.Tensors;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>Sampling on the device.</summary>
public abstract partial class BackendConformance
{
    public static TheoryData<float, int, float, float> Filters() => new()
    {
        { 0, 0, 1, 0 },
        { 1, 0, 1, 0 },
        { 0.7f, 40, 1, 0 },
        { 1.3f, 0, 0.9f, 0 },
        { 1, 0, 1, 0.05f },
        { 0.8f, 50, 0.95f, 0.02f },
        { 1, 1, 1, 0 },
        { 1, 0, 0, 0 },
        { 1, 1_000_000, 1, 1 },
        { 1e-4f, 0, 1, 0 },
        { 100, 0, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    [Covers(nameof(IBackend.Sample))]
    public void Tokens_are_drawn_as_the_cumulative_distribution_says(float temperature, int topK, float topP, float minP)
    {
        const int Vocabulary = 1003;
        // In the far tail, and on the border between equal shares, rounding decides which of two neighbours it is: only backends of
        // equal bits are held to that.
        float[] uniforms = BatchInvariant ? [0, 1e-6f, 0.1f, 0.37f, 0.5f, 0.9f, 0.999f, 0.99999994f] : [0, 0.123f, 0.377f, 0.513f, 0.897f];
        // Steps of a half: many ties. Some are out of the question.
        float[] logits = [.. _data.Numbers(uniforms.Length * Vocabulary).Select((x, i) => i % 97 == 5 ? float.NegativeInfinity : MathF.Round(x * 12) / 2)];
        SampleRow[] rows = [.. uniforms.Select(uniform => new SampleRow(temperature, topK, topP, minP, uniform))];
        Assert.Equal(Draw(_reference, logits, rows), Draw(Backend, logits, rows));
    }

    [Fact]
    [Covers(nameof(IBackend.Start), nameof(IBackend.RunsAhead))]
    public void What_was_started_is_read_with_no_further_evaluation()
    {
        using var scope = Backend.Scope();
        var logits = Make(Backend, [0, 3, 1, 5, 0, 0], new Shape(2, 3));
        var chosen = Backend.Sample(logits, [new(0, 0, 1, 0, 0), new(0, 0, 1, 0, 0)]);
        long before = Backend.Counters.Evaluations;
        Backend.Start(chosen, logits);
        var ids = new int[2];
        Backend.Read(chosen, ids);

        Assert.Equal([1, 0], ids);
        Assert.Equal([0, 3, 1, 5, 0, 0], Read(Backend, logits));
        Assert.Equal(Backend.RunsAhead ? 1 : 0, Backend.Counters.Evaluations - before);
    }

    [Fact]
    public void A_drawn_tensor_begins_the_next_step_unread()
    {
        float[] logits = [0, 3, 1, 5, 0, 0];
        SampleRow greedy = new(0, 0, 1, 0, 0);
        var stored = _data.Linear(3, 4, DType.F32);
        Same(b =>
        {
            var tokens = b.Sample(Make(b, logits, new Shape(2, 3)), [greedy, greedy]);
            using var batch = b.Begin([new BatchRow(1), new BatchRow(1)], tokens);
            return b.Embed(Owned(b.LoadEmbedding(stored)), batch);
        });
    }

    private static int[] Draw(IBackend backend, float[] logits, SampleRow[] rows)
    {
        using var scope = backend.Scope();
        var ids = new int[rows.Length];
        backend.Read(backend.Sample(Make(backend, logits, new Shape(rows.Length, logits.Length / rows.Length)), rows), ids);
        return ids;
    }
}
