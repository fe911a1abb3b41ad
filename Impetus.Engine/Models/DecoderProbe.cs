using System.Numerics.Tensors;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>
/// Asks a language model directly, one sequence at a time and without a scheduler: what people who debug a model, and checks
/// against a reference, want to see. Engine thread only.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="backend">Where it lives.</param>
/// <param name="chunk">At most so many tokens go through the model in one step.</param>
public sealed class DecoderProbe(IDecoder model, IBackend backend, int chunk = 256)
{
    /// <summary>Receives the logits (V) of a position; the span is only good during the call.</summary>
    public delegate void LogitsReceiver(int position, ReadOnlySpan<float> logits);

    /// <summary>Computes the logits of the last <paramref name="last"/> positions of a sequence, in rising order.</summary>
    /// <exception cref="ArgumentException">The sequence is empty, too long, or holds an id outside the vocabulary.</exception>
    public void Logits(IReadOnlyList<int> ids, int last, LogitsReceiver receive)
    {
        using var cache = backend.CreateCache(model.Layers);
        Feed(cache, ids, last, receive);
    }

    /// <summary>The natural logarithm of p(ids[t] | ids[&lt;t]) for each t; null for the first.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Logits"/>.</exception>
    public double?[] Logprobs(IReadOnlyList<int> ids)
    {
        var logprobs = new double?[ids.Count];
        Logits(ids, ids.Count, (position, logits) =>
        {
            if (position + 1 < ids.Count)
                logprobs[position + 1] = logits[ids[position + 1]] - LogSumExp(logits);
        });
        return logprobs;
    }

    /// <summary>
    /// Continues a sequence with the likeliest token, <paramref name="count"/> times; an end-of-sequence token does not end it.
    /// Ties go to the lower id.
    /// </summary>
    /// <param name="ids">The sequence.</param>
    /// <param name="count">How many tokens.</param>
    /// <param name="receive">Sees the logits that each token is chosen from.</param>
    /// <exception cref="ArgumentException">As for <see cref="Logits"/>.</exception>
    public int[] Greedy(IReadOnlyList<int> ids, int count, LogitsReceiver? receive = null)
    {
        if (ids.Count + (long)count > model.ContextLength)
            throw new ArgumentException($"{ids.Count} ids and {count} more do not fit the context of {model.ContextLength}.");
        var chosen = new List<int>(count);
        if (count <= 0)
            return [];
        using var cache = backend.CreateCache(model.Layers);
        LogitsReceiver choose = (position, logits) =>
        {
            receive?.Invoke(position, logits);
            chosen.Add(TensorPrimitives.IndexOfMax(logits));
        };
        Feed(cache, ids, 1, choose);
        while (chosen.Count < count)
            Feed(cache, [chosen[^1]], 1, choose);
        return [.. chosen];
    }

    /// <summary>log Σ exp of logits, in double precision.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float largest = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum);
    }

    private void Feed(SequenceCache cache, IReadOnlyList<int> ids, int last, LogitsReceiver receive)
    {
        Validate(cache.Length, ids);
        int first = Math.Max(ids.Count - last, 0);
        for (int start = 0; start < ids.Count;)
        {
            // Steps end where the wanted rows begin, so that none is computed in vain.
            int end = Math.Min(start + chunk, start < first ? first : ids.Count);
            Step(cache, ids, start, end, start >= first ? LogitsWanted.All : LogitsWanted.None, receive);
            start = end;
        }
    }

    private void Step(SequenceCache cache, IReadOnlyList<int> ids, int start, int end, LogitsWanted wanted, LogitsReceiver receive)
    {
        int offset = cache.Length - start;
        using var scope = backend.Scope();
        using var batch = backend.Begin([new BatchRow(end - start, cache, wanted)], [.. ids.Skip(start).Take(end - start)]);
        var logits = model.Forward(batch);
        if (logits is not null)
        {
            var all = new float[logits.Shape.Count];
            backend.Read(logits, all);
            for (int position = start; position < end; position++)
                receive(offset + position, all.AsSpan((position - start) * model.VocabularySize, model.VocabularySize));
        }

        batch.Complete();
    }

    private void Validate(int known, IReadOnlyList<int> ids)
    {
        if (ids.Count == 0)
            throw new ArgumentException("There are no ids.");
        if (known + (long)ids.Count > model.ContextLength)
            throw new ArgumentException($"{known + ids.Count} ids do not fit the context of {model.ContextLength}.");
        foreach (int id in ids)
        {
            if (id < 0 || id >= model.VocabularySize)
                throw new ArgumentException($"Id {id} is not in the vocabulary of {model.VocabularySize}.");
        }
    }
}
