using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>Which expressions Jinja computes when it compiles a template.</summary>
internal static class Constants
{
    /// <summary>Whether an expression depends on nothing: it has no names, no calls, and no filters that see the context.</summary>
    public static bool IsConstant(Expression expression) => expression.SelfAndDescendants().All(static node => node switch
    {
        TemplateText or Name or Call => false,
        Conditional { Otherwise: null } => false,
        FilterExpression { Name: "map" or "select" or "reject" or "selectattr" or "rejectattr" or "random" } => false,
        _ => true,
    });
}
