using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>A method together with the value that it belongs to.</summary>
internal sealed class BoundMethod(TemplateValue owner, Builtin method) : TemplateValue
{
    private static readonly Builtin Refused = new("unsafe(self)", static (_, _) => throw Errors.Security("The method is unsafe."));

    internal override string TypeName => "builtin_function_or_method";

    internal override bool IsCallable => true;

    /// <summary>A method that exists but that the sandbox hides.</summary>
    public static BoundMethod Unsafe(string name) => new(new StringValue(name), Refused);

    public override bool Equals(TemplateValue? other) =>
        other is BoundMethod bound && ReferenceEquals(bound.Owner, owner) && ReferenceEquals(bound.Method, method);

    public override int GetHashCode() => method.GetHashCode();

    internal override TemplateValue Call(Evaluator evaluator, CallArguments arguments) => method.Invoke(evaluator, arguments.Prepend(owner));

    internal override void AppendRepr(TextBuilder into) => into.Append($"<built-in method {method.Name} of {owner.TypeName} object>");

    private TemplateValue Owner => owner;

    private Builtin Method => method;
}
