namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>Makes the errors of the interpreter; the line is added where it is known.</summary>
internal static class Errors
{
    public static TemplateException Type(string message) => new(TemplateErrorKind.Type, message);

    public static TemplateException Value(string message) => new(TemplateErrorKind.Value, message);

    public static TemplateException Lookup(string message) => new(TemplateErrorKind.Lookup, message);

    public static TemplateException Arithmetic(string message) => new(TemplateErrorKind.Arithmetic, message);

    public static TemplateException Runtime(string message) => new(TemplateErrorKind.Runtime, message);

    public static TemplateException Security(string message) => new(TemplateErrorKind.Security, message);

    public static TemplateException Limit(string message) => new(TemplateErrorKind.Limit, message);
}
