using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>What a built-in function does with its arguments.</summary>
internal delegate TemplateValue BuiltinBody(Evaluator evaluator, BoundArguments arguments);

/// <summary>A filter, test, global function or method; a method's first argument is the value that it belongs to.</summary>
internal sealed class Builtin(string signature, BuiltinBody body)
{
    private readonly Signature _signature = new(signature);

    public string Name => _signature.Name;

    public TemplateValue Invoke(Evaluator evaluator, CallArguments arguments)
    {
        if (arguments.Positional is [StringValue text, ..])
            evaluator.Budget.ChargeScan(text.Text.Length);
        return body(evaluator, _signature.Bind(arguments));
    }
}
