using Impetus.Engine.Weights;

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
    /// <exception cref="CheckpointException">Its <c>config.json</c> is damaged.</exception>
    public static ModelDescription Read(string folder, params IReadOnlyList<string> capabilities)
    {
        string path = Path.Combine(folder, "config.json");
        var config = File.Exists(path) ? ConfigReader.Open(path) : null;
        var weights = Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories).Select(file => new FileInfo(file)).ToList();
        return new()
        {
            Created = Directory.GetLastWriteTimeUtc(folder),
            Architecture = config?.Text("model_type") ?? "unknown",
            Quantization = config is null ? "unknown" : Weights(config),
            SizeBytes = weights.Sum(file => file.Length),
            Capabilities = capabilities,
        };
    }

    private static string Weights(ConfigReader config) => QuantizationSettings.From(config).Default is { } format
        ? $"{format.Bits}-bit {format.Mode.ToString().ToLowerInvariant()}, groups of {format.GroupSize}"
        : config.Text("torch_dtype") ?? config.Text("dtype") ?? "unknown";
}
