using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Operands: names, literals, tuples, lists and mappings.</summary>
internal sealed partial class Parser
{
    private Expression ParsePrimary(bool withNamespace = false)
    {
        Token token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                _tokens.Take();
                return ParseName(token, withNamespace);
            case TokenKind.String:
                return ParseString();
            case TokenKind.Integer:
                return new Literal(TemplateValue.From(NumberLiteral.Integer(_tokens.Take().Text)), token.Line);
            case TokenKind.Float:
                return new Literal(TemplateValue.From(NumberLiteral.Float(_tokens.Take().Text)), token.Line);
            case TokenKind.Operator when token.Text == "(":
                _tokens.Take();
                Expression inner = ParseTuple(hasParentheses: true);
                _tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList();
            case TokenKind.Operator when token.Text == "{":
                return ParseDict();
            default:
                throw Fail($"unexpected '{token.Describe()}'");
        }
    }

    private Expression ParseName(Token token, bool withNamespace)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Literal(BoolValue.True, token.Line);
            case "false" or "False":
                return new Literal(BoolValue.False, token.Line);
            case "none" or "None":
                return new Literal(NoneValue.Instance, token.Line);
        }

        if (!withNamespace || !_tokens.SkipOperator("."))
            return new Name(token.Text, NameUse.Load, token.Line);

        return new NamespaceTarget(token.Text, _tokens.Expect(TokenKind.Name).Text, token.Line);
    }

    /// <summary>String literals that stand side by side are one.</summary>
    private Literal ParseString()
    {
        int line = _tokens.Current.Line;
        List<string> parts = [];
        while (_tokens.Current.Kind == TokenKind.String)
            parts.Add(_tokens.Take().Text);
        return new Literal(new StringValue(string.Concat(parts)), line);
    }

    /// <summary>A tuple, or the single expression if no comma follows it.</summary>
    private Expression ParseTuple(bool withConditional = true, bool hasParentheses = false) =>
        ParseTuple(() => ParseExpression(withConditional), hasParentheses);

    private Expression ParseTuple(Func<Expression> parseItem, bool hasParentheses)
    {
        int line = _tokens.Current.Line;
        List<Expression> items = [];
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0)
                _tokens.ExpectOperator(",");
            if (IsTupleEnd())
                break;
            items.Add(parseItem());
            if (!_tokens.Current.IsOperator(","))
                break;
            isTuple = true;
            line = _tokens.Current.Line;
        }

        if (!isTuple && items.Count > 0)
            return items[0];
        if (!isTuple && !hasParentheses)
            throw Fail($"Expected an expression, got '{_tokens.Current.Describe()}'");
        return Bounded(new TupleExpression(items, line));
    }

    private bool IsTupleEnd() =>
        _tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || _tokens.Current.IsOperator(")");

    private ListExpression ParseList()
    {
        int line = _tokens.ExpectOperator("[").Line;
        List<Expression> items = [];
        while (!_tokens.Current.IsOperator("]"))
        {
            if (items.Count > 0)
                _tokens.ExpectOperator(",");
            if (_tokens.Current.IsOperator("]"))
                break;
            items.Add(ParseExpression());
        }

        _tokens.ExpectOperator("]");
        return Bounded(new ListExpression(items, line));
    }

    private DictExpression ParseDict()
    {
        int line = _tokens.ExpectOperator("{").Line;
        List<(Expression, Expression)> pairs = [];
        while (!_tokens.Current.IsOperator("}"))
        {
            if (pairs.Count > 0)
                _tokens.ExpectOperator(",");
            if (_tokens.Current.IsOperator("}"))
                break;
            Expression key = ParseExpression();
            _tokens.ExpectOperator(":");
            pairs.Add((key, ParseExpression()));
        }

        _tokens.ExpectOperator("}");
        return Bounded(new DictExpression(pairs, line));
    }
}
