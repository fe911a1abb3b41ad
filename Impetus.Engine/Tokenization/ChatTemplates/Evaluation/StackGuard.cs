using System.Runtime.CompilerServices;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Turns a stack that is nearly used up into an error; an overflow would end the process.</summary>
internal static class StackGuard
{
    public static void Ensure()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Errors.Limit("The template or its data nest too deep for this thread's stack.");
    }
}
