using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>
/// A language model of bytes whose logits are any function of all tokens so far: a cache that is forked, chunked or mixed up
/// wrongly changes the text. Token 256 ends an answer.
/// </summary>
internal sealed class ToyDecoder(Func<IReadOnlyList<int>, float[]> logits, int contextLength = 4096) : IDecoder
{
    public const int End = 256;

    public const int Vocabulary = 257;

    public IReadOnlyList<LayerState> Layers { get; init; } = [new LayerState(1, 1, 1)];

    public int VocabularySize => Vocabulary;

    public int ContextLength => contextLength;

    /// <summary>Runs before each step is computed: may block it, or throw.</summary>
    public Action? BeforeStep { get; set; }

    /// <summary>Rows of logits that were computed.</summary>
    public int LogitRows { get; private set; }

    /// <summary>A model that writes lower-case letters which depend on every token before, and never ends.</summary>
    public static ToyDecoder Babbling(int contextLength = 4096) => new(
        past =>
        {
            var random = new Random(past.Aggregate(17, (hash, token) => unchecked(hash * 31 + token)));
            var logits = new float[Vocabulary];
            Array.Fill(logits, -30);
            for (int letter = 'a'; letter <= 'z'; letter++)
                logits[letter] = random.NextSingle() * 4;
            return logits;
        },
        contextLength);

    /// <summary>A model that answers any prompt of a length with a text, and ends.</summary>
    public static ToyDecoder Reciting(byte[] answer, int promptLength) => new(past =>
    {
        var logits = new float[Vocabulary];
        int at = past.Count - promptLength;
        logits[at >= 0 && at < answer.Length ? answer[at] : End] = 50;
        return logits;
    });

    public Tensor? Forward(Batch batch)
    {
        BeforeStep?.Invoke();
        var step = (ToyBatch)batch;
        var rows = new List<float[]>();
        foreach (var (row, tokens) in step.Rows.Zip(step.TokensByRow))
        {
            int[] past = [.. ((ToyCache)row.Cache!).Tokens, .. tokens];
            int from = row.Logits switch { LogitsWanted.All => 1, LogitsWanted.Last => tokens.Length, _ => tokens.Length + 1 };
            for (int count = from; count <= tokens.Length; count++)
                rows.Add(logits(past[..(row.Start + count)]));
        }

        LogitRows += rows.Count;
        return rows.Count == 0 ? null : new ReferenceTensor(new Shape(rows.Count, Vocabulary), [.. rows.SelectMany(row => row)]);
    }

    public void Dispose()
    {
    }
}
