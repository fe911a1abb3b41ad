using System.Text.Json;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Weights;

/// <summary>
/// What <c>config.json</c> says about quantised weights: one setting for all under <c>quantization</c>, and single modules' own
/// under their full path.
/// </summary>
public sealed class QuantizationSettings
{
    private readonly Dictionary<string, Quantization?> _modules = new(StringComparer.Ordinal);

    private QuantizationSettings()
    {
    }

    /// <summary>The setting for all modules that have none of their own; null when nothing is quantised.</summary>
    public Quantization? Default { get; private init; }

    /// <summary>The setting of one module; null when it is not quantised.</summary>
    public Quantization? For(string module) => _modules.TryGetValue(module, out var own) ? own : Default;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="CheckpointException">A mode, a group size or a number of bits is not one that we compute.</exception>
    public static QuantizationSettings From(ConfigReader config)
    {
        var section = config.Section("quantization") ?? config.Section("quantization_config");
        if (section is null)
            return new QuantizationSettings();
        if (section.Text("quant_method") is { } method && section.Element("bits") is null)
            throw section.Refuse("quant_method", $"weights quantised by '{method}' are not read; take an MLX conversion of the model");
        var settings = new QuantizationSettings { Default = Read(section, null) };
        foreach (string key in section.Keys)
        {
            switch (section.Element(key))
            {
                case { ValueKind: JsonValueKind.Object }:
                    settings._modules[key] = Read(section.Section(key)!, settings.Default);
                    break;
                case { ValueKind: JsonValueKind.False }:
                    settings._modules[key] = null;
                    break;
            }
        }

        return settings;
    }

    private static Quantization Read(ConfigReader section, Quantization? inherited)
    {
        string name = section.Text("mode") ?? "affine";
        var mode = name switch
        {
            "affine" => QuantizationMode.Affine,
            "mxfp4" => QuantizationMode.MxFp4,
            "mxfp8" => QuantizationMode.MxFp8,
            "nvfp4" => QuantizationMode.NvFp4,
            _ => throw section.Refuse("mode", "known are affine, mxfp4, mxfp8 and nvfp4"),
        };
        var usual = mode switch
        {
            QuantizationMode.MxFp4 => new Quantization(32, 4, mode),
            QuantizationMode.MxFp8 => new Quantization(32, 8, mode),
            QuantizationMode.NvFp4 => new Quantization(16, 4, mode),
            _ => inherited is { Mode: QuantizationMode.Affine } all ? all : new Quantization(64, 4),
        };
        int groupSize = section.Integer("group_size") ?? usual.GroupSize;
        int bits = section.Integer("bits") ?? usual.Bits;
        if (mode == QuantizationMode.Affine ? groupSize is not (32 or 64 or 128) : groupSize != usual.GroupSize)
            throw section.Refuse("group_size", $"mode {name} has groups of {(mode == QuantizationMode.Affine ? "32, 64 or 128" : usual.GroupSize)}");
        if (mode == QuantizationMode.Affine ? bits is not (2 or 3 or 4 or 5 or 6 or 8) : bits != usual.Bits)
            throw section.Refuse("bits", $"mode {name} has {(mode == QuantizationMode.Affine ? "2, 3, 4, 5, 6 or 8" : usual.Bits)} bits");
        return new Quantization(groupSize, bits, mode);
    }
}
