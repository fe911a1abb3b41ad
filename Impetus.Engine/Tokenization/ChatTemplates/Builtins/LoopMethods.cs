using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>What can be called on <c>loop</c>.</summary>
internal static class LoopMethods
{
    /// <summary><c>loop(iterable)</c> in a recursive loop.</summary>
    public static Signature Recurse { get; } = new("__call__(iterable)");

    public static Builtin Cycle { get; } = new("cycle(self, *values)", static (_, a) => ((LoopValue)a[0]).Cycle(a.Rest));

    public static Builtin Changed { get; } = new("changed(self, *values)", static (_, a) => BoolValue.Of(((LoopValue)a[0]).HasChanged(a.Rest)));
}
