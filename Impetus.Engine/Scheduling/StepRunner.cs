using System.Runtime.InteropServices;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Scheduling;

/// <summary>
/// Takes a planned step through the model: tokens of all sequences in one ragged batch, tokens chosen on the device, and
/// logits on the host where a row needs them. Its buffers are used again from step to step. Engine thread only.
/// </summary>
internal sealed class StepRunner(IBackend backend, IDecoder decoder)
{
    private readonly List<BatchRow> _rows = [];
    private readonly List<int> _tokens = [];
    private readonly List<SampleRow> _samples = [];
    private readonly List<int> _firstLogits = [];
    private int[] _chosen = [];
    private float[] _logits = [];

    /// <summary>
    /// Computes a step. When it throws, caches are as they were. Rows that are their sequence's last of a step can be asked for
    /// afterwards, until the next step.
    /// </summary>
    public void Run(IReadOnlyList<PlannedRow> plan)
    {
        LayOut(plan, out bool onDevice, out bool onHost);
        using var scope = backend.Scope();
        using var batch = backend.Begin(_rows, CollectionsMarshal.AsSpan(_tokens));
        var logits = decoder.Forward(batch);
        if (logits is not null && onDevice)
        {
            Array.Resize(ref _chosen, Math.Max(_chosen.Length, _samples.Count));
            var chosen = backend.Sample(logits, CollectionsMarshal.AsSpan(_samples));
            backend.Read(chosen, _chosen.AsSpan(0, _samples.Count));
        }

        int needed = logits is not null && onHost ? _samples.Count * decoder.VocabularySize : 0;
        if (needed == 0 || needed > _logits.Length)
            _logits = new float[needed];
        if (needed > 0)
            backend.Read(logits!, _logits.AsSpan(0, needed));
        batch.Complete();
    }

    /// <summary>The token that the device chose after a row of the plan.</summary>
    public int Token(int row) => _chosen[_firstLogits[row + 1] - 1];

    /// <summary>The logits (V) after a row of the plan, where the host needs them.</summary>
    public ReadOnlySpan<float> Logits(int row) => LogitsAt(_firstLogits[row + 1] - 1);

    /// <summary>The logits (V) after one token of a row of the plan that wants all.</summary>
    public ReadOnlySpan<float> Logits(int row, int token) => LogitsAt(_firstLogits[row] + token);

    private Span<float> LogitsAt(int index) => _logits.AsSpan(index * decoder.VocabularySize, decoder.VocabularySize);

    private void LayOut(IReadOnlyList<PlannedRow> plan, out bool onDevice, out bool onHost)
    {
        (onDevice, onHost) = (false, false);
        _rows.Clear();
        _tokens.Clear();
        _samples.Clear();
        _firstLogits.Clear();
        foreach (var row in plan)
        {
            var choice = (Choice)row.Sequence;
            bool chooses = row.IsLast && choice.WantsToken;
            bool all = choice.Job.WantsPromptLogprobs;
            _firstLogits.Add(_samples.Count);
            _tokens.AddRange(choice.Tokens.Slice(choice.Computed, row.Count));
            _rows.Add(new BatchRow(row.Count, choice.Memory!.Cache, all ? LogitsWanted.All : chooses ? LogitsWanted.Last : LogitsWanted.None));
            for (int i = all ? 0 : row.Count - 1; i < row.Count && (all || chooses); i++)
            {
                bool device = chooses && i == row.Count - 1 && choice.Sampler.OnDevice;
                _samples.Add(device ? choice.Sampler.Row(choice.Known) : default);
                onDevice |= device;
            }

            onHost |= all || (chooses && (choice.ReadsLogits || (!choice.Job.PromptDone && choice.Job.Sequences.Count > 1)));
        }

        _firstLogits.Add(_samples.Count);
    }
}
