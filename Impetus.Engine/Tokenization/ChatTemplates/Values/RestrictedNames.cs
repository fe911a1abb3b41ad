using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>The reference refuses names that begin with an underscore in what <c>namespace()</c> and <c>dict()</c> make.</summary>
internal static class RestrictedNames
{
    /// <summary>Throws if a name begins with an underscore.</summary>
    public static void Ensure(string name, string where, string what)
    {
        if (name.StartsWith('_'))
            throw Errors.Security(
                $"Chat templates cannot store underscore-prefixed {where}, but got {PythonRepr.Of(name)}. Please rename the {what}.");
    }

    /// <summary>Throws if any key is such a name.</summary>
    public static void Ensure(IEnumerable<TemplateValue> keys, string where, string what)
    {
        foreach (TemplateValue key in keys)
            if (key is StringValue name)
                Ensure(name.Text, where, what);
    }
}
