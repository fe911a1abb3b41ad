using Impetus.Engine.Hub;

namespace Impetus.Server.Management;

/// <summary>What is known about a model from its files.</summary>
public sealed record ModelDescription
{
    /// <summary>When its files were installed.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The <c>model_type</c> of its configuration, such as <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>How its weights are stored, such as <c>4-bit affine, groups of 32</c> or <c>bfloat16</c>.</summary>
    public required string Quantization { get; init; }

    /// <summary>Bytes of its weight files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>What it can be used for, such as <c>chat</c> and <c>completion</c>.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Reads a model's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="capabilities">What it can be used for, where that is known better than from its files.</param>
    public static ModelDescription Read(string folder, params IReadOnlyList<string> capabilities)
    {
        var read = Of(folder, ModelInspection.Read(folder));
        return capabilities.Count > 0 ? read with { Capabilities = capabilities } : read;
    }

    /// <summary>The same from what was read already.</summary>
    public static ModelDescription Of(string folder, ModelInspection inspection) => new()
    {
        Created = Directory.GetLastWriteTimeUtc(folder),
        Architecture = inspection.Architecture,
        Quantization = inspection.Quantization,
        SizeBytes = inspection.WeightBytes,
        Capabilities = inspection.Uses,
    };
}
