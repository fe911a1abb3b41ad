using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>
/// Expressions, from the loosest operator to the tightest: <c>if</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons,
/// <c>+ -</c>, <c>~</c>, <c>* / // %</c>, <c>**</c>, signs, and last what follows an operand: <c>.name</c>, <c>[key]</c>,
/// calls, filters and tests. Jinja's order is not Python's: signs bind tighter than <c>**</c>, which goes left to right.
/// </summary>
internal sealed partial class Parser
{
    private Expression ParseExpression(bool withConditional = true) => Nested(() => withConditional ? ParseConditional() : ParseOr());

    private Expression ParseConditional()
    {
        int line = _tokens.Current.Line;
        Expression then = ParseOr();
        while (_tokens.SkipName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = _tokens.SkipName("else") ? Nested(ParseConditional) : null;
            then = Bounded(new Conditional(test, then, otherwise, line));
            line = _tokens.Current.Line;
        }

        return then;
    }

    private Expression ParseOr()
    {
        int line = _tokens.Current.Line;
        Expression left = ParseAnd();
        while (_tokens.SkipName("or"))
        {
            left = Bounded(new Logical(isAnd: false, left, ParseAnd(), line));
            line = _tokens.Current.Line;
        }

        return left;
    }

    private Expression ParseAnd()
    {
        int line = _tokens.Current.Line;
        Expression left = ParseNot();
        while (_tokens.SkipName("and"))
        {
            left = Bounded(new Logical(isAnd: true, left, ParseNot(), line));
            line = _tokens.Current.Line;
        }

        return left;
    }

    private Expression ParseNot()
    {
        int line = _tokens.Current.Line;
        return _tokens.SkipName("not") ? new Negation(Nested(ParseNot), line) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        int line = _tokens.Current.Line;
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (TakeComparisonOperator() is { } symbol)
        {
            rest.Add((symbol, ParseSum()));
            line = _tokens.Current.Line;
        }

        return rest.Count == 0 ? first : Bounded(new Comparison(first, rest, line));
    }

    private string? TakeComparisonOperator()
    {
        if (_tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
            return _tokens.Take().Text;
        if (_tokens.SkipName("in"))
            return "in";
        if (!_tokens.Current.IsName("not") || !_tokens.Following.IsName("in"))
            return null;

        _tokens.Take();
        _tokens.Take();
        return "not in";
    }

    private Expression ParseSum() => ParseArithmetic(ParseConcatenation, "+", "-");

    private Expression ParseConcatenation()
    {
        int line = _tokens.Current.Line;
        List<Expression> parts = [ParseProduct()];
        while (_tokens.SkipOperator("~"))
            parts.Add(ParseProduct());
        return parts.Count == 1 ? parts[0] : Bounded(new Concatenation(parts, line));
    }

    private Expression ParseProduct() => ParseArithmetic(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseArithmetic(() => ParseUnary(), "**");

    private Expression ParseArithmetic(Func<Expression> parseOperand, params ReadOnlySpan<string> symbols)
    {
        int line = _tokens.Current.Line;
        Expression left = parseOperand();
        while (_tokens.Current.Kind == TokenKind.Operator && symbols.Contains(_tokens.Current.Text))
        {
            string symbol = _tokens.Take().Text;
            left = Bounded(new Arithmetic(symbol, left, parseOperand(), line));
            line = _tokens.Current.Line;
        }

        return left;
    }

    private Expression ParseUnary(bool withFilters = true)
    {
        int line = _tokens.Current.Line;
        Expression operand =
            _tokens.SkipOperator("-") ? new Sign(isMinus: true, Nested(() => ParseUnary(withFilters: false)), line)
            : _tokens.SkipOperator("+") ? new Sign(isMinus: false, Nested(() => ParseUnary(withFilters: false)), line)
            : ParsePrimary();
        operand = ParsePostfix(operand);
        return withFilters ? ParseFiltersAndTests(operand) : operand;
    }

    private Expression ParsePostfix(Expression operand)
    {
        while (_tokens.Current.Kind == TokenKind.Operator)
        {
            switch (_tokens.Current.Text)
            {
                case ".":
                    operand = Bounded(ParseAttribute(operand));
                    break;
                case "[":
                    operand = Bounded(ParseSubscript(operand));
                    break;
                case "(":
                    operand = Bounded(ParseCall(operand));
                    break;
                default:
                    return operand;
            }
        }

        return operand;
    }

    private Expression ParseFiltersAndTests(Expression operand)
    {
        while (true)
        {
            if (_tokens.Current.IsOperator("|"))
                operand = ParseFilters(operand)!;
            else if (_tokens.Current.IsName("is"))
                operand = Bounded(ParseTest(operand));
            else if (_tokens.Current.IsOperator("("))
                operand = Bounded(ParseCall(operand));
            else
                return operand;
        }
    }

    private Expression ParseAttribute(Expression owner)
    {
        int line = _tokens.ExpectOperator(".").Line;
        Token name = _tokens.Take();
        return name.Kind switch
        {
            TokenKind.Name => new AttributeAccess(owner, name.Text, line),
            TokenKind.Integer => new ItemAccess(owner, new Literal(TemplateValue.From(NumberLiteral.Integer(name.Text)), name.Line), line),
            _ => throw Fail("expected name or number", name.Line),
        };
    }

    private ItemAccess ParseSubscript(Expression owner)
    {
        int line = _tokens.ExpectOperator("[").Line;
        List<Expression> keys = [];
        while (!_tokens.Current.IsOperator("]"))
        {
            if (keys.Count > 0)
                _tokens.ExpectOperator(",");
            keys.Add(ParseKey());
        }

        _tokens.ExpectOperator("]");
        return new ItemAccess(owner, keys.Count == 1 ? keys[0] : new TupleExpression(keys, line), line);
    }

    private Expression ParseKey()
    {
        int line = _tokens.Current.Line;
        Expression? start = _tokens.Current.IsOperator(":") ? null : ParseExpression();
        if (!_tokens.SkipOperator(":"))
            return start ?? throw Fail("expected subscript expression");

        Expression? stop = EndsKeyPart() ? null : ParseExpression();
        Expression? step = _tokens.SkipOperator(":") && !EndsKeyPart() ? ParseExpression() : null;
        return new SliceExpression(start, stop, step, line);
    }

    private bool EndsKeyPart() => _tokens.Current is { Kind: TokenKind.Operator, Text: ":" or "]" or "," };

    private Call ParseCall(Expression callee)
    {
        int line = _tokens.Current.Line;
        return new Call(callee, ParseArguments(), line);
    }

    private ArgumentList ParseArguments()
    {
        int line = _tokens.ExpectOperator("(").Line;
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        Expression? spread = null, namedSpread = null;
        for (bool isFirst = true; !_tokens.Current.IsOperator(")"); isFirst = false)
        {
            if (!isFirst)
                _tokens.ExpectOperator(",");
            if (_tokens.Current.IsOperator(")"))
                break;

            if (_tokens.SkipOperator("*"))
            {
                Ensure(spread is null && namedSpread is null);
                spread = ParseExpression();
            }
            else if (_tokens.SkipOperator("**"))
            {
                Ensure(namedSpread is null);
                namedSpread = ParseExpression();
            }
            else if (_tokens.Current.Kind == TokenKind.Name && _tokens.Following.IsOperator("="))
            {
                Ensure(namedSpread is null);
                string name = _tokens.Take().Text;
                _tokens.Take();
                named.Add((name, ParseExpression()));
            }
            else
            {
                Ensure(spread is null && namedSpread is null && named.Count == 0);
                positional.Add(ParseExpression());
            }
        }

        _tokens.ExpectOperator(")");
        return new ArgumentList(positional, named, spread, namedSpread);

        void Ensure(bool isValid)
        {
            if (!isValid)
                throw Fail("invalid syntax for function call expression", line);
        }
    }

    /// <summary>A chain of filters. In a filter block the first has no <c>|</c> before it and no input.</summary>
    private Expression? ParseFilters(Expression? input, bool startsInline = false)
    {
        while (startsInline || _tokens.SkipOperator("|"))
        {
            startsInline = false;
            int line = _tokens.Current.Line;
            string name = ParseDottedName();
            ArgumentList arguments = _tokens.Current.IsOperator("(") ? ParseArguments() : ArgumentList.Empty;
            input = Bounded(new FilterExpression(input, name, arguments, line));
        }

        return input;
    }

    private Expression ParseTest(Expression input)
    {
        int line = _tokens.ExpectName("is").Line;
        bool isNegated = _tokens.SkipName("not");
        string name = ParseDottedName();
        ArgumentList arguments = ArgumentList.Empty;
        if (_tokens.Current.IsOperator("("))
            arguments = ParseArguments();
        else if (StartsTestArgument())
        {
            if (_tokens.Current.IsName("is"))
                throw Fail("You cannot chain multiple tests with is");
            arguments = new ArgumentList([ParsePostfix(Nested(() => ParsePrimary()))], [], null, null);
        }

        TestExpression test = new(input, name, arguments, line);
        return isNegated ? new Negation(test, line) : test;
    }

    private bool StartsTestArgument() => _tokens.Current switch
    {
        { Kind: TokenKind.Name, Text: "else" or "or" or "and" } => false,
        { Kind: TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float } => true,
        { Kind: TokenKind.Operator, Text: "[" or "{" } => true,
        _ => false,
    };

    private string ParseDottedName()
    {
        string name = _tokens.Expect(TokenKind.Name).Text;
        while (_tokens.SkipOperator("."))
            name += "." + _tokens.Expect(TokenKind.Name).Text;
        return name;
    }
}
