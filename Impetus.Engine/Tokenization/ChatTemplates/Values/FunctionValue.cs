using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A global function or type, such as <c>range</c> or <c>dict</c>.</summary>
/// <param name="builtin">What it does.</param>
/// <param name="isType">Whether it is a class in Python.</param>
/// <param name="methods">Methods of the class itself.</param>
internal sealed class FunctionValue(Builtin builtin, bool isType = false, IReadOnlyDictionary<string, Builtin>? methods = null) : TemplateValue
{
    internal override string TypeName => isType ? "type" : "function";

    internal override bool IsCallable => true;

    internal override TemplateValue? Attribute(string name) =>
        methods is not null && methods.TryGetValue(name, out Builtin? method) ? new FunctionValue(method) : null;

    internal override TemplateValue Call(Evaluator evaluator, CallArguments arguments) => builtin.Invoke(evaluator, arguments);

    internal override void AppendRepr(TextBuilder into) => into.Append(isType ? $"<class '{builtin.Name}'>" : $"<function {builtin.Name}>");
}
