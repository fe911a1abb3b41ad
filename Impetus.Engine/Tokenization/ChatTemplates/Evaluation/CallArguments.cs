using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>The values that a call hands over.</summary>
internal sealed record CallArguments(IReadOnlyList<TemplateValue> Positional, IReadOnlyList<NamedArgument> Named)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>The same with another value in front.</summary>
    public CallArguments Prepend(TemplateValue first) => this with { Positional = [first, .. Positional] };

    /// <summary>The same without some of the first values.</summary>
    public CallArguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };

    /// <summary>The named values as a mapping.</summary>
    public DictValue NamedAsDict()
    {
        OrderedDictionary<TemplateValue, TemplateValue> entries = [];
        foreach (NamedArgument argument in Named)
            entries[new StringValue(argument.Name)] = argument.Value;
        return new DictValue(entries);
    }
}

/// <summary>A value handed over by name.</summary>
internal readonly record struct NamedArgument(string Name, TemplateValue Value);
