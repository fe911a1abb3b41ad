using Impetus.Engine.Embedding;
using Impetus.Engine.Models;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Hub;

/// <summary>What a model's files say: what it is, and whether we can run it. Nothing is loaded; of weights only the headers are read.</summary>
public sealed record ModelInspection
{
    /// <summary>The <c>model_type</c> of its configuration, such as <c>llama</c>.</summary>
    public string Architecture { get; private init; } = "unknown";

    /// <summary>How its weights are stored, such as <c>4-bit affine, groups of 32</c>, <c>bfloat16</c> or <c>GGUF</c>.</summary>
    public string Quantization { get; private init; } = "unknown";

    /// <summary>Tokens that it was made for, prompt and answer together; null if that is not said.</summary>
    public int? ContextLength { get; private init; }

    /// <summary>Bytes of its weight files.</summary>
    public long WeightBytes { get; private init; }

    /// <summary>The licence that its makers state; null where they do not.</summary>
    public string? Licence { get; private init; }

    /// <summary>What it is for, of <c>chat</c>, <c>completion</c>, <c>embedding</c> and <c>rerank</c>.</summary>
    public IReadOnlyList<string> Uses { get; private init; } = [];

    /// <summary>Why it cannot run here, for people; null if it can.</summary>
    public string? Fault { get; private init; }

    /// <summary>Reads a model's folder, whatever is in it.</summary>
    public static ModelInspection Read(string folder)
    {
        try
        {
            return ReadModel(folder);
        }
        catch (Exception fault) when (fault is CheckpointException or IOException or UnauthorizedAccessException)
        {
            return new() { Fault = fault.Message, WeightBytes = WeightFiles.Of(folder).Bytes, Licence = ModelCard.Licence(folder) };
        }
    }

    private static ModelInspection ReadModel(string folder)
    {
        var modules = SentenceModules.Describes(folder) ? SentenceModules.Read(folder) : new SentenceModules { EncoderFolder = folder };
        var weights = WeightFiles.Of(modules.EncoderFolder);
        bool configured = File.Exists(Path.Combine(modules.EncoderFolder, "config.json"));
        var config = configured ? ConfigReader.OpenFolder(modules.EncoderFolder) : ConfigReader.Parse(folder, "{}"u8.ToArray());
        var known = new ModelInspection
        {
            Architecture = modules.IsStatic ? "static" : config.Text("model_type") ?? "unknown",
            Quantization = weights.IsGguf ? "GGUF" : FormatOf(config),
            WeightBytes = weights.Bytes,
            Licence = ModelCard.Licence(folder),
        };
        if (!configured && !modules.IsStatic)
            return known with { Fault = weights.Fault ?? "config.json is missing." };

        var (uses, templateFault) = UsesOf(folder);
        return known with
        {
            Uses = uses,
            ContextLength = modules.MaxLength ?? ContextOf(config),
            Fault = Refusal(config, modules, uses) ?? weights.Fault ?? TokenizerFault(modules.EncoderFolder) ?? templateFault,
        };
    }

    private static (string[] Uses, string? TemplateFault) UsesOf(string folder)
    {
        if (Embedder.IsFor(folder))
            return (["embedding"], null);
        if (Reranker.IsFor(folder))
            return (["rerank"], null);
        try
        {
            return (ChatTemplateLibrary.LoadFolder(folder).Templates.Count > 0 ? ["chat", "completion"] : ["completion"], null);
        }
        catch (InvalidDataException fault)
        {
            return (["chat", "completion"], fault.Message);
        }
    }

    /// <summary>Why the configuration asks for what we do not compute.</summary>
    private static string? Refusal(ConfigReader config, SentenceModules modules, string[] uses)
    {
        try
        {
            QuantizationSettings.From(config);
            string type = config.Text("model_type") ?? "none";
            if (uses is ["embedding"])
                return modules.IsStatic || Encoders.Known.Contains(type) ? null : Unknown(type, "encoder", Encoders.Known);
            if (uses is ["rerank"])
                return CrossEncoders.AsksYesOrNo(config) || CrossEncoders.Known.Contains(type) ? null : Unknown(type, "reranker", CrossEncoders.Known);
            if (!Architectures.Known.Contains(type))
                return Unknown(type, "language model", Architectures.Known);
            Architectures.Check(config);
            return null;
        }
        catch (CheckpointException fault)
        {
            return fault.Message;
        }
    }

    private static string Unknown(string type, string what, IEnumerable<string> known) =>
        $"Its architecture '{type}' is not one that is computed. As a {what} there are {string.Join(", ", known)}.";

    private static string? TokenizerFault(string folder) =>
        Folders.Length(Path.Combine(folder, "tokenizer.json")) is null ? "tokenizer.json is missing. Download it again, from the original model if need be." : null;

    private static int? ContextOf(ConfigReader config)
    {
        foreach (string key in (string[])["max_position_embeddings", "n_positions", "seq_length"])
        {
            if (config.Element(key) is { ValueKind: System.Text.Json.JsonValueKind.Number } value && value.TryGetInt32(out int tokens) && tokens > 0)
                return tokens;
        }

        return null;
    }

    private static string FormatOf(ConfigReader config)
    {
        try
        {
            return QuantizationSettings.From(config).Default is { } format
                ? $"{format.Bits}-bit {format.Mode.ToString().ToLowerInvariant()}, groups of {format.GroupSize}"
                : config.Text("torch_dtype") ?? config.Text("dtype") ?? "unknown";
        }
        catch (CheckpointException)
        {
            return config.Section("quantization_config")?.Text("quant_method") ?? "unknown";
        }
    }
}
