using System.Runtime.InteropServices;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// Takes steps through the model: tokens of all sequences in one ragged batch, tokens chosen on the device, and logits on the
/// host where a row needs them. A step can be laid out on the tokens of the one before while these are still being computed.
/// Engine thread only.
/// </summary>
internal sealed class StepRunner(IBackend backend, IDecoder decoder)
{
    private readonly Stack<ModelStep> _spare = new();

    /// <summary>Lays a planned step out and starts to compute it. When it throws, caches are as they were.</summary>
    public ModelStep Begin(IReadOnlyList<PlannedRow> plan)
    {
        var step = Empty();
        LayOut(step, plan, out bool onDevice, out bool onHost);
        Build(step, () => backend.Begin(step.BatchRows, CollectionsMarshal.AsSpan(step.Tokens)), onDevice, onHost);
        Start(step);
        return step;
    }

    /// <summary>
    /// Lays out the step after one of which every row has one token, chosen by the device and not read yet. It is not computed
    /// before <see cref="Start"/>.
    /// </summary>
    public ModelStep Follow(ModelStep step)
    {
        var next = Empty();
        foreach (var row in step.Rows)
        {
            next.Rows.Add(row with { Count = 1, IsLast = true });
            next.BatchRows.Add(new BatchRow(1, row.Memory.Cache));
            next.MarkLogits();
            next.Samples.Add(row.Choice.Sampler.Row(row.Choice.Known + 1));
        }

        next.MarkLogits();
        Build(next, () => backend.Begin(next.BatchRows, step.Chosen!), onDevice: true, onHost: false);
        return next;
    }

    /// <summary>Starts to compute what was laid out, without waiting for it.</summary>
    public void Start(ModelStep step)
    {
        if (step is { Chosen: { } chosen, Scores: { } scores })
            backend.Start(chosen, scores);
        else if ((step.Chosen ?? step.Scores) is { } result)
            backend.Start(result);
    }

    /// <summary>Waits for a step's results. Rows that are their sequence's last can be asked for afterwards, until the step is dropped.</summary>
    public void Read(ModelStep step)
    {
        if (step.Chosen is { } chosen)
            backend.Read(chosen, step.ChosenBuffer());
        var logits = step.LogitsBuffer(step.Scores is null ? 0 : decoder.VocabularySize);
        if (step.Scores is { } scores)
            backend.Read(scores, logits);
    }

    /// <summary>Takes a step back whose results are not needed any more, read or not.</summary>
    public void Drop(ModelStep step)
    {
        if (step.Chosen is { } chosen)
            backend.Free(chosen);
        if (step.Scores is { } scores)
            backend.Free(scores);
        (step.Chosen, step.Scores) = (null, null);
        step.Clear();
        _spare.Push(step);
    }

    private ModelStep Empty() => _spare.TryPop(out var step) ? step : new ModelStep();

    private void Build(ModelStep step, Func<Batch> begin, bool onDevice, bool onHost)
    {
        try
        {
            using var scope = backend.Scope();
            using var batch = begin();
            var logits = decoder.Forward(batch);
            if (logits is not null && onDevice)
                step.Chosen = scope.Keep(backend.Sample(logits, CollectionsMarshal.AsSpan(step.Samples)));
            if (logits is not null && onHost)
                step.Scores = scope.Keep(logits);
            batch.Complete();
        }
        catch
        {
            Drop(step);
            throw;
        }
    }

    private static void LayOut(ModelStep step, IReadOnlyList<PlannedRow> plan, out bool onDevice, out bool onHost)
    {
        (onDevice, onHost) = (false, false);
        foreach (var row in plan)
        {
            var choice = (Choice)row.Sequence;
            bool chooses = row.IsLast && choice.WantsToken;
            bool all = choice.Job.WantsPromptLogprobs;
            step.MarkLogits();
            step.Rows.Add(new StepRow(choice, row.Count, row.IsLast, choice.Memory!));
            step.Tokens.AddRange(choice.Tokens.Slice(choice.Computed, row.Count));
            step.BatchRows.Add(new BatchRow(
                row.Count, choice.Memory!.Cache, all ? LogitsWanted.All : chooses ? LogitsWanted.Last : LogitsWanted.None));
            for (int i = all ? 0 : row.Count - 1; i < row.Count && (all || chooses); i++)
            {
                bool device = chooses && i == row.Count - 1 && choice.Sampler.OnDevice;
                step.Samples.Add(device ? choice.Sampler.Row(choice.Known) : default);
                onDevice |= device;
            }

            onHost |= all || (chooses && (choice.ReadsLogits || (!choice.Job.PromptDone && choice.Job.Sequences.Count > 1)));
        }

        step.MarkLogits();
    }
}
