using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Builds the tree of a template by recursive descent. Expressions and statements stand in files of their own.</summary>
internal sealed partial class Parser
{
    private readonly TokenStream _tokens;
    private readonly TemplateLimits _limits;
    private int _nesting;

    private Parser(string source, TemplateLimits limits)
    {
        _tokens = new TokenStream(Lexer.Tokenize(source));
        _limits = limits;
    }

    /// <summary>Parses a whole template.</summary>
    /// <exception cref="TemplateException">The template is not valid, or nests too deep.</exception>
    public static TemplateRoot Parse(string source, TemplateLimits limits)
    {
        Parser parser = new(source, limits);
        try
        {
            return new TemplateRoot(parser.ParseBody(null));
        }
        catch (TemplateException error)
        {
            throw error.At(parser._tokens.Current.Line);
        }
    }

    /// <summary>Goes one level deeper; what is parsed within is bounded in depth, and so is the stack.</summary>
    private T Nested<T>(Func<T> parse)
    {
        StackGuard.Ensure();
        if (++_nesting > _limits.MaxNesting)
            throw TooDeep();

        T result = parse();
        _nesting--;
        return result;
    }

    /// <summary>Checks a node that a loop has put on top of another: such chains grow without nesting.</summary>
    private T Bounded<T>(T node)
        where T : Node => node.Depth > _limits.MaxNesting ? throw TooDeep() : node;

    private TemplateException TooDeep() => new(
        TemplateErrorKind.Limit, $"The template nests deeper than {_limits.MaxNesting} (TemplateLimits.MaxNesting).", _tokens.Current.Line);

    private TemplateException Fail(string message, int? line = null) => new(TemplateErrorKind.Syntax, message, line ?? _tokens.Current.Line);
}
