namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>The tokens of a template, one after the other.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private int _index;

    public Token Current => tokens[_index];

    /// <summary>The token after the current one.</summary>
    public Token Following => tokens[Math.Min(_index + 1, tokens.Count - 1)];

    /// <summary>Moves on and gives the token that was current.</summary>
    public Token Take()
    {
        Token taken = Current;
        if (_index < tokens.Count - 1)
            _index++;
        return taken;
    }

    /// <summary>Moves on if the current token is an operator.</summary>
    public bool SkipOperator(string symbol) => Skip(Current.IsOperator(symbol));

    /// <summary>Moves on if the current token is a name.</summary>
    public bool SkipName(string name) => Skip(Current.IsName(name));

    public Token Expect(TokenKind kind) => Current.Kind == kind ? Take() : throw Expected(new Token(kind, "name", 0).Describe());

    public Token ExpectOperator(string symbol) => Current.IsOperator(symbol) ? Take() : throw Expected(symbol);

    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Expected(name);

    private bool Skip(bool matches)
    {
        if (matches)
            Take();
        return matches;
    }

    private TemplateException Expected(string what) => new(
        TemplateErrorKind.Syntax,
        Current.Kind == TokenKind.End
            ? $"unexpected end of template, expected '{what}'."
            : $"expected token '{what}', got '{Current.Describe()}'",
        Current.Line);
}
