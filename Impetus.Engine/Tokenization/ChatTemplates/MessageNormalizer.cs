using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>Brings messages as API clients send them into the form that templates are written for.</summary>
/// <remarks>
/// <para>The arguments of tool calls, which clients send as JSON text, become the mappings that the text stands for:
/// templates either quote a text once more or refuse it. Text that is no JSON object stays as it is.</para>
/// <para>Reasoning that an earlier answer carries under one of the names <c>reasoning_content</c>, <c>thinking</c> and
/// <c>reasoning</c> is added under the first two, as templates ask for one or the other.</para>
/// </remarks>
public static class MessageNormalizer
{
    private static readonly StringValue ToolCalls = new("tool_calls");
    private static readonly StringValue Function = new("function");
    private static readonly StringValue Arguments = new("arguments");
    private static readonly StringValue[] ReasoningNames = [new("reasoning_content"), new("thinking"), new("reasoning")];

    /// <summary>A copy of the messages in that form; what is no list of objects is returned as it is.</summary>
    public static TemplateValue Normalize(TemplateValue messages) => Each(messages, WithReasoning, WithToolCalls);

    private static TemplateValue Each(TemplateValue list, params Func<DictValue, DictValue>[] changes)
    {
        return list is ListValue items ? new ListValue([.. items.Items.Select(Changed)]) : list;

        TemplateValue Changed(TemplateValue item) =>
            item is DictValue dict ? changes.Aggregate(dict, static (value, change) => change(value)) : item;
    }

    private static DictValue WithReasoning(DictValue message)
    {
        TemplateValue? reasoning = ReasoningNames
            .Select(name => message.Entries.GetValueOrDefault(name))
            .FirstOrDefault(static value => value is not null and not NoneValue);
        if (reasoning is null)
            return message;

        foreach (StringValue name in ReasoningNames[..2])
            if (message.Entries.GetValueOrDefault(name) is null or NoneValue)
                message = With(message, name, reasoning);
        return message;
    }

    private static DictValue WithToolCalls(DictValue message) => message.Entries.TryGetValue(ToolCalls, out TemplateValue? calls)
        ? With(message, ToolCalls, Each(calls, WithFunction, WithArguments))
        : message;

    private static DictValue WithFunction(DictValue call) =>
        call.Entries.TryGetValue(Function, out TemplateValue? function) && function is DictValue dict
            ? With(call, Function, WithArguments(dict))
            : call;

    private static DictValue WithArguments(DictValue function) =>
        function.Entries.TryGetValue(Arguments, out TemplateValue? arguments) && arguments is StringValue text && Parse(text.Text) is { } parsed
            ? With(function, Arguments, parsed)
            : function;

    private static TemplateValue? Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? TemplateValue.FromJson(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DictValue With(DictValue dict, StringValue key, TemplateValue value) =>
        new(new OrderedDictionary<TemplateValue, TemplateValue>(dict.Entries) { [key] = value });
}
