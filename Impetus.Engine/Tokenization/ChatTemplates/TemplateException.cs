namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>The only exception that parsing or rendering a chat template throws.</summary>
/// <remarks>
/// <see cref="Exception.Message"/> is the bare message, as the reference words it where it matters: for
/// <see cref="TemplateErrorKind.Raised"/> it is exactly the text given to <c>raise_exception</c>.
/// </remarks>
public sealed class TemplateException : Exception
{
    /// <summary>An error of a kind, at a line of the template if it is known.</summary>
    public TemplateException(TemplateErrorKind kind, string message, int? line = null)
        : base(message)
    {
        Kind = kind;
        Line = line;
    }

    /// <summary>What went wrong.</summary>
    public TemplateErrorKind Kind { get; }

    /// <summary>The line of the template, from 1; null when the fault belongs to no line.</summary>
    public int? Line { get; private set; }

    /// <summary>Says where an error happened that was thrown by code which does not know the line.</summary>
    internal TemplateException At(int line)
    {
        Line ??= line;
        return this;
    }
}
