namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>What went wrong in a chat template. The names in brackets are Python's, which the reference raises.</summary>
public enum TemplateErrorKind
{
    /// <summary>The template is not valid Jinja (TemplateSyntaxError, TemplateAssertionError, SyntaxError).</summary>
    Syntax,

    /// <summary>The template itself called <c>raise_exception</c>: the message is the author's and meant for the caller (TemplateError).</summary>
    Raised,

    /// <summary>An undefined value was used where a value is needed (UndefinedError).</summary>
    Undefined,

    /// <summary>Something that the sandbox forbids, for instance changing a list (SecurityError).</summary>
    Security,

    /// <summary>A value of the wrong type, or a call with the wrong arguments (TypeError, AttributeError).</summary>
    Type,

    /// <summary>A value of the right type that is out of range (ValueError, AssertionError).</summary>
    Value,

    /// <summary>A key or an index that does not exist (KeyError, IndexError).</summary>
    Lookup,

    /// <summary>Division by zero or a number that is too large (ZeroDivisionError, OverflowError).</summary>
    Arithmetic,

    /// <summary>Any other fault while rendering (TemplateRuntimeError, FilterArgumentError).</summary>
    Runtime,

    /// <summary>One of <see cref="TemplateLimits"/> was exceeded; the message says which.</summary>
    Limit,
}
