using Impetus.Engine.Tensors;

namespace Impetus.Engine.Generation;

/// <summary>
/// Chooses the tokens of one answer. Most options are left to the device (<see cref="OnDevice"/>); penalties, biases and
/// typical_p need the logits on the host. Both ways draw from the same uniform over the same falling order. Engine thread only.
/// </summary>
/// <param name="options">How tokens are chosen.</param>
/// <param name="seed">The request's seed, or one made for it.</param>
/// <param name="choice">Which answer, from 0.</param>
/// <param name="prompt">The prompt, which the repetition penalty counts.</param>
internal sealed class TokenSampler(SamplingOptions options, ulong seed, int choice, IReadOnlyList<int> prompt)
{
    private readonly Dictionary<int, int> _generated = [];
    private readonly HashSet<int> _repeated = options.RepetitionPenalty == 1 ? [] : [.. prompt];
    private readonly bool _penalised =
        options.RepetitionPenalty != 1 || options.FrequencyPenalty != 0 || options.PresencePenalty != 0;

    /// <summary>Whether <see cref="IBackend.Sample"/> can choose these tokens.</summary>
    public bool OnDevice => !_penalised && options.TypicalP >= 1 && options.LogitBias is null or { Count: 0 };

    /// <summary>What the device needs to choose the token at a position, for rows that are <see cref="OnDevice"/>.</summary>
    public SampleRow Row(int position) =>
        new(options.Temperature, options.TopK, options.TopP, options.MinP, Philox.Uniform(seed, position, choice));

    /// <summary>Chooses the token at a position on the host.</summary>
    /// <param name="logits">(V), raw.</param>
    /// <param name="position">The token's index in prompt and answer.</param>
    /// <param name="distribution">The thread's scratch memory.</param>
    public int Draw(ReadOnlySpan<float> logits, int position, TokenDistribution distribution) =>
        distribution.Draw(Penalised(logits, distribution), options, Philox.Uniform(seed, position, choice));

    /// <summary>The whole distribution that <see cref="Draw"/> draws from.</summary>
    public void Compute(ReadOnlySpan<float> logits, TokenDistribution distribution) =>
        distribution.Compute(Penalised(logits, distribution), options);

    /// <summary>Counts a token of the answer.</summary>
    public void Accept(int token)
    {
        if (!_penalised)
            return;
        _generated[token] = _generated.GetValueOrDefault(token) + 1;
        if (options.RepetitionPenalty != 1)
            _repeated.Add(token);
    }

    /// <summary>Biases, then the penalties of CTRL (Keskar et al. 2019) and of OpenAI's published formula.</summary>
    internal Span<double> Penalised(ReadOnlySpan<float> raw, TokenDistribution distribution)
    {
        var logits = distribution.Logits(raw.Length);
        for (int i = 0; i < raw.Length; i++)
            logits[i] = raw[i];
        foreach (var (id, bias) in options.LogitBias ?? NoBias)
            logits[id] += bias;
        foreach (int id in _repeated)
            logits[id] = logits[id] > 0 ? logits[id] / options.RepetitionPenalty : logits[id] * options.RepetitionPenalty;
        foreach (var (id, count) in _generated)
            logits[id] -= (double)count * options.FrequencyPenalty + options.PresencePenalty;
        return logits;
    }

    private static readonly Dictionary<int, float> NoBias = [];
}
