using System.Text;
using System.Text.Json;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>
/// What a sentence-transformers folder says follows its encoder: <c>modules.json</c> with pooling, dense layers and
/// normalisation. A folder without one is pooled to the mean and not normalised, as the reference does.
/// </summary>
internal sealed record SentenceModules
{
    private const long MaxBytes = 1 << 20;

    // The file carries the name of the model's class in older folders.
    private static readonly string[] LengthFiles =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json",
        "sentence_xlm-roberta_config.json", "sentence_camembert_config.json", "sentence_mpnet_config.json",
    ];

    /// <summary>Where weights, <c>config.json</c> and <c>tokenizer.json</c> are.</summary>
    public required string EncoderFolder { get; init; }

    /// <summary>Whether the encoder is a table of token vectors, without a <c>config.json</c>.</summary>
    public bool IsStatic { get; init; }

    /// <summary>How a text's token vectors become one.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Folders of the dense layers after pooling, in order.</summary>
    public IReadOnlyList<string> DenseFolders { get; init; } = [];

    /// <summary>Whether vectors are brought to unit length.</summary>
    public bool Normalize { get; init; }

    /// <summary>The most tokens of a text, special ones included; null where only model and tokenizer limit it.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether texts are lower-cased before they reach the tokenizer.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Whether the folder describes an embedding model by itself.</summary>
    public static bool Describes(string folder) => File.Exists(Path.Combine(folder, "modules.json"));

    /// <exception cref="CheckpointException">A file is damaged, or asks for what we do not compute.</exception>
    public static SentenceModules Read(string folder)
    {
        if (!Describes(folder))
            return WithLength(new SentenceModules { EncoderFolder = folder });
        string file = Path.Combine(folder, "modules.json");
        var modules = Modules(file);
        var result = new SentenceModules { EncoderFolder = folder };
        bool pooled = false;
        for (int i = 0; i < modules.Count; i++)
        {
            string path = Inside(folder, file, modules[i].Text("path") ?? "");
            string type = modules[i].Text("type") ?? "";
            switch (type[(type.LastIndexOf('.') + 1)..])
            {
                case "Transformer" when i == 0:
                    result = WithLength(result with { EncoderFolder = path });
                    break;
                case "StaticEmbedding" when i == 0:
                    result = result with { EncoderFolder = path, IsStatic = !File.Exists(Path.Combine(path, "config.json")) };
                    pooled = true;
                    break;
                case "Pooling" when i == 1 && !pooled:
                    result = result with { Pooling = ReadPooling(ConfigReader.OpenFolder(path)) };
                    pooled = true;
                    break;
                case "Dense" when pooled && !result.Normalize:
                    result = result with { DenseFolders = [.. result.DenseFolders, path] };
                    break;
                case "Normalize" when pooled:
                    result = result with { Normalize = true };
                    break;
                case "Dropout":
                    break;
                default:
                    throw modules[i].Refuse("type", $"as module {i} this is not computed; known are a Transformer, Pooling, Dense, Normalize in this order");
            }
        }

        return pooled ? result : throw new CheckpointException($"{file}: no module pools the tokens' vectors.");
    }

    private static List<ConfigReader> Modules(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
                throw new CheckpointException($"{file}: larger than {MaxBytes} bytes.");
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.ValueKind == JsonValueKind.Array
                ? [.. json.RootElement.EnumerateArray().Select((module, i) => ConfigReader.Parse($"{file}: [{i}]", Encoding.UTF8.GetBytes(module.GetRawText())))]
                : throw new CheckpointException($"{file}: not a list of modules.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{file}: {fault.Message}", fault);
        }
    }

    private static string Inside(string folder, string file, string path)
    {
        string root = Path.GetFullPath(folder), full = Path.GetFullPath(Path.Combine(root, path));
        return full == root || full.TrimEnd(Path.DirectorySeparatorChar) == root.TrimEnd(Path.DirectorySeparatorChar)
            || full.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new CheckpointException($"{file}: path '{path}' leads out of the folder.");
    }

    private static SentenceModules WithLength(SentenceModules modules)
    {
        string? file = LengthFiles.Select(name => Path.Combine(modules.EncoderFolder, name)).FirstOrDefault(File.Exists);
        if (file is null)
            return modules;
        var config = ConfigReader.Open(file);
        return modules with
        {
            MaxLength = config.Element("max_seq_length") is null ? null : config.Positive("max_seq_length"),
            LowerCase = config.Flag("do_lower_case") ?? false,
        };
    }

    private static Pooling ReadPooling(ConfigReader config)
    {
        config.Require("include_prompt", "true");
        if (config.Element("pooling_mode") is not null)
            return OfMode(config, "pooling_mode", config.Text("pooling_mode")!);
        var on = config.Keys.Where(key => key.StartsWith("pooling_mode_", StringComparison.Ordinal) && config.Flag(key) == true).ToList();
        return on.Count switch
        {
            0 => Pooling.Mean,
            1 => OfMode(config, on[0], on[0]["pooling_mode_".Length..]),
            _ => throw config.Refuse(on[1], $"one way of pooling is computed, and {on[0]} is true too"),
        };
    }

    private static Pooling OfMode(ConfigReader config, string key, string mode) => mode switch
    {
        "mean_tokens" or "mean" => Pooling.Mean,
        "cls_token" or "cls" => Pooling.First,
        "lasttoken" => Pooling.Last,
        "weightedmean_tokens" or "weightedmean" => Pooling.WeightedMean,
        "max_tokens" or "max" => Pooling.Max,
        _ => throw config.Refuse(key, "supported: mean, cls, lasttoken, weightedmean, max"),
    };
}
