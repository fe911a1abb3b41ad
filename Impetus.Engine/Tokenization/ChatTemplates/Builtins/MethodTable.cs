using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The methods of one type.</summary>
internal sealed class MethodTable(params IEnumerable<Builtin> methods)
{
    private readonly Dictionary<string, Builtin> _methods = methods.ToDictionary(static method => method.Name, StringComparer.Ordinal);

    /// <summary>A method of a value, or null.</summary>
    public BoundMethod? Find(TemplateValue owner, string name) =>
        _methods.TryGetValue(name, out Builtin? method) ? new BoundMethod(owner, method) : null;
}
