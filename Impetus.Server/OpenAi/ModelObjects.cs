using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>The list of models.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The models.</param>
internal sealed record ModelList(string Object, IReadOnlyList<ModelObject> Data);

/// <summary>A model: OpenAI's fields, and what its users ask about.</summary>
/// <param name="Id">What to name in a request.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="OwnedBy">The organisation in the id.</param>
/// <param name="ContextLength">Tokens that prompt and answer may have together; null for models that give no answers.</param>
/// <param name="Architecture">The kind of model.</param>
/// <param name="Quantization">How the weights are stored.</param>
/// <param name="SizeBytes">Bytes of the weight files.</param>
/// <param name="Capabilities">What it can be used for.</param>
/// <param name="Backend">The engine that computes it, <c>cpu</c> or <c>mlx</c>; null until a first model is loaded.</param>
/// <param name="Device">What that engine computes on, <c>cpu</c> or <c>gpu</c>; null until a first model is loaded.</param>
internal sealed record ModelObject(
    string Id,
    string Object,
    long Created,
    string OwnedBy,
    int? ContextLength,
    string Architecture,
    string Quantization,
    long SizeBytes,
    IReadOnlyList<string> Capabilities,
    string? Backend,
    string? Device)
{
    public static ModelObject Of(ListedModel model, InferenceEngine? engine) => new(
        model.Id,
        "model",
        model.Description.Created.ToUnixTimeSeconds(),
        model.Id.Contains('/', StringComparison.Ordinal) ? model.Id[..model.Id.IndexOf('/', StringComparison.Ordinal)] : "local",
        model.ContextLength,
        model.Description.Architecture,
        model.Description.Quantization,
        model.Description.SizeBytes,
        model.Description.Capabilities,
        engine?.Backend.Name,
        engine is null ? null : engine.Device == ComputeDevice.Metal ? "gpu" : "cpu");
}
