using System.Buffers;
using System.Text.Json;
using Impetus.Engine;
using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization.ChatTemplates;

namespace Impetus.Server.Management;

/// <summary>A model of the engine, as the routes see it.</summary>
internal sealed class EngineChatModel : IChatModel, IFaultSource
{
    private readonly ChatModel _model;
    private readonly Lazy<PromptMarkup> _markup;

    public EngineChatModel(string id, string folder, ChatModel model)
    {
        _model = model;
        _markup = new(() => new(model.Tokenizer, model.Prompts.HasTemplate ? TemplateMarkers.Of(Render, model.Prompts.Sources) : []));
        Id = id;
        Description = ModelDescription.Read(folder, model.Prompts.HasTemplate ? ["chat", "completion"] : ["completion"]);
    }

    public event Action<StepFault>? Faulted
    {
        add => _model.Scheduler.Faulted += value;
        remove => _model.Scheduler.Faulted -= value;
    }

    public string Id { get; }

    public ModelDescription Description { get; }

    public IGenerator Generator => _model.Scheduler;

    public SamplingOptions DefaultSampling => _model.Defaults.Sampling;

    public SchedulerCounters? Counters => _model.Scheduler.Counters;

    public Task TrimPrefixesAsync() => _model.Scheduler.TrimPrefixCacheAsync();

    public string Render(IReadOnlyList<ChatMessage> messages)
    {
        using var document = JsonDocument.Parse(Write(messages));
        try
        {
            return _model.Prompts.Render(new PromptRequest { Messages = document.RootElement });
        }
        catch (TemplateException fault)
        {
            throw new PromptException(fault.Message, fault);
        }
    }

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens) => _model.Tokenizer.EncodeIds(text, addSpecialTokens);

    public string AsText(string text) => _markup.Value.Break(text);

    public string Decode(IReadOnlyList<int> ids) => _model.Tokenizer.Decode(ids, skipSpecialTokens: false);

    public ReadOnlyMemory<byte> TokenBytes(int id) => _model.Tokenizer.TokenBytes(id);

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    private static ReadOnlyMemory<byte> Write(IReadOnlyList<ChatMessage> messages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (role, content) in messages)
            {
                json.WriteStartObject();
                json.WriteString("role", role);
                json.WriteString("content", content);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }
}
