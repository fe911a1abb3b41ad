using System.Globalization;
using System.Text.Json;
using Impetus.Engine;
using Impetus.Engine.Generation;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Weights;

namespace Impetus.Server.Management;

/// <summary>A chat model of the engine, as the endpoints see it.</summary>
internal sealed class EngineChatModel(string id, string folder, ChatModel model) : IChatModel
{
    public string Id => id;

    public ModelDescription Description { get; } = Describe(folder, model.Config);

    public IGenerator Generator => model.Scheduler;

    public SamplingOptions DefaultSampling => model.Defaults.Sampling;

    public string Render(IReadOnlyList<ChatMessage> messages)
    {
        try
        {
            return model.Prompts.Render(new PromptRequest { Messages = Json(messages) });
        }
        catch (TemplateException refusal)
        {
            throw new PromptException(refusal.Message, refusal);
        }
    }

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens) => model.Tokenizer.EncodeIds(text, addSpecialTokens);

    public string Decode(IReadOnlyList<int> ids) => model.Tokenizer.Decode(ids, skipSpecialTokens: false);

    public ReadOnlyMemory<byte> TokenBytes(int id) => model.Tokenizer.TokenBytes(id);

    public ValueTask DisposeAsync() => model.DisposeAsync();

    private static JsonElement Json(IReadOnlyList<ChatMessage> messages)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Role);
                writer.WriteString("content", message.Content);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static ModelDescription Describe(string folder, ConfigReader config)
    {
        var weights = Directory.EnumerateFiles(folder, "*.safetensors").Select(path => new FileInfo(path)).ToList();
        return new ModelDescription
        {
            Created = weights.Count == 0 ? DateTimeOffset.UnixEpoch : weights.Max(file => file.LastWriteTimeUtc),
            Architecture = config.Text("model_type") ?? "unknown",
            Quantization = QuantizationSettings.From(config).Default is { } format
                ? string.Create(CultureInfo.InvariantCulture, $"{format.Bits}-bit {Name(format.Mode)}, groups of {format.GroupSize}")
                : config.Text("torch_dtype") ?? config.Text("dtype") ?? "unknown",
            SizeBytes = weights.Sum(file => file.Length),
            Capabilities = ["chat", "completion"],
        };
    }

    private static string Name(QuantizationMode mode) => mode.ToString().ToLowerInvariant();
}
