using Impetus.Engine.Tensors;

namespace Impetus.Engine.Models;

/// <summary>
/// Multi-head attention with rotary positions, of encoders whose file stores query, key and value as one matrix (3 · D, D).
/// </summary>
internal sealed class RotaryAttention(
    int layer, int width, int heads, RopeFrequencies rope, string fused, bool fusedBias, string output, bool outputBias,
    ModelWeights weights, int? window = null)
{
    private readonly IBackend _backend = weights.Backend;
    private readonly LinearWeight _query = weights.Rows(fused, width, 3 * width, 0, width, fusedBias);
    private readonly LinearWeight _key = weights.Rows(fused, width, 3 * width, width, width, fusedBias);
    private readonly LinearWeight _value = weights.Rows(fused, width, 3 * width, 2 * width, width, fusedBias);
    private readonly LinearWeight _output = weights.Linear(output, width, width, outputBias);
    private readonly AttendOptions _options = new() { Scale = 1 / MathF.Sqrt(width / heads), Left = window, Right = window };

    /// <summary>(T, D) to (T, D). With a window, tokens see each other up to so many positions apart.</summary>
    public Tensor Forward(Tensor x, Batch batch)
    {
        var projected = _backend.Project(x, _query, _key, _value);
        var query = _backend.Rope(Heads(projected[0]), batch, rope);
        var key = _backend.Rope(Heads(projected[1]), batch, rope);
        var attended = _backend.Attend(layer, query, key, Heads(projected[2]), batch, _options);
        return _backend.Project(_backend.Reshape(attended, new Shape(batch.TokenCount, width)), _output);
    }

    private Tensor Heads(Tensor x) => _backend.Reshape(x, new Shape(x.Shape[0], heads, width / heads));
}
