using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>
/// The parameters of a built-in function, written <c>name(value, default?, *rest, **named)</c>: a question mark makes one
/// optional, a last <c>/</c> means that none can be given by name. Wrong calls get Python's messages.
/// </summary>
internal sealed class Signature
{
    private readonly List<string> _parameters = [];
    private readonly int _required;
    private readonly bool _takesRest;
    private readonly bool _takesNamed;
    private readonly bool _isPositionalOnly;

    public Signature(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        Name = text[..open];
        foreach (string part in text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "/")
                _isPositionalOnly = true;
            else if (part.StartsWith("**", StringComparison.Ordinal))
                _takesNamed = true;
            else if (part.StartsWith('*'))
                _takesRest = true;
            else
                _parameters.Add(part.TrimEnd('?'));
            if (char.IsAsciiLetter(part[0]) && !part.EndsWith('?'))
                _required++;
        }
    }

    public string Name { get; }

    /// <summary>Puts the arguments of a call in the order of the parameters.</summary>
    /// <exception cref="TemplateException">There are too many or too few of them, or a name is unknown or given twice.</exception>
    public BoundArguments Bind(CallArguments arguments)
    {
        TemplateValue?[] bound = new TemplateValue?[_parameters.Count];
        int given = arguments.Positional.Count;
        if (given > bound.Length && !_takesRest)
            throw TooMany(given);
        for (int i = 0; i < Math.Min(given, bound.Length); i++)
            bound[i] = arguments.Positional[i];

        List<NamedArgument> named = [];
        foreach (NamedArgument argument in arguments.Named)
        {
            int at = _isPositionalOnly ? -1 : _parameters.IndexOf(argument.Name);
            if (at < 0 && !_takesNamed)
                throw Errors.Type($"{Name}() got an unexpected keyword argument '{argument.Name}'");
            if (at >= 0 && bound[at] is not null)
                throw Errors.Type($"{Name}() got multiple values for argument '{argument.Name}'");
            if (at < 0)
                named.Add(argument);
            else
                bound[at] = argument.Value;
        }

        List<string> missing = [.. _parameters.Take(_required).Where((_, i) => bound[i] is null)];
        if (missing.Count > 0)
            throw Errors.Type($"{Name}() missing {Count(missing.Count, "required positional argument")}: {Enumerate(missing)}");
        return new BoundArguments(bound, [.. arguments.Positional.Skip(bound.Length)], named);
    }

    private TemplateException TooMany(int given)
    {
        string takes = _required < _parameters.Count
            ? $"from {_required} to {Count(_parameters.Count, "positional argument")}"
            : Count(_parameters.Count, "positional argument");
        return Errors.Type($"{Name}() takes {takes} but {given} {(given == 1 ? "was" : "were")} given");
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Enumerate(List<string> names)
    {
        List<string> quoted = [.. names.Select(static name => $"'{name}'")];
        return quoted.Count < 3
            ? string.Join(" and ", quoted)
            : string.Join(", ", quoted[..^1]) + ", and " + quoted[^1];
    }
}
