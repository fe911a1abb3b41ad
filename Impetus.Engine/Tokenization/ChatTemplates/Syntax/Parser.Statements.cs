namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Statements, and the assignment targets that only they have.</summary>
internal sealed partial class Parser
{
    /// <summary>The tags that are open, and what may come next in each body: both for messages.</summary>
    private readonly Stack<string> _openTags = new();
    private readonly Stack<string[]> _awaitedTags = new();

    /// <summary>The statements up to one of some tags, whose <c>{%</c> is then behind us; or to the template's end.</summary>
    private List<Statement> ParseBody(string[]? endTags)
    {
        List<Statement> body = [];
        List<Expression> parts = [];
        if (endTags is not null)
            _awaitedTags.Push(endTags);

        while (_tokens.Current.Kind != TokenKind.End)
        {
            Token token = _tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    parts.Add(new TemplateText(token.Text, token.Line));
                    break;
                case TokenKind.VariableBegin:
                    parts.Add(ParseTuple());
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                default:
                    Flush();
                    if (endTags is not null && _tokens.Current.Kind == TokenKind.Name && endTags.Contains(_tokens.Current.Text))
                    {
                        _awaitedTags.Pop();
                        return body;
                    }

                    body.Add(Nested(ParseStatement));
                    _tokens.Expect(TokenKind.BlockEnd);
                    break;
            }
        }

        Flush();
        if (endTags is not null)
            throw UnexpectedEnd();
        return body;

        void Flush()
        {
            if (parts.Count > 0)
                body.Add(new Output(parts, parts[0].Line));
            parts = [];
        }
    }

    private Statement ParseStatement()
    {
        Token tag = _tokens.Current;
        if (tag.Kind != TokenKind.Name)
            throw Fail("tag name expected");

        _openTags.Push(tag.Text);
        Statement statement = tag.Text switch
        {
            "for" => ParseFor(),
            "if" => ParseIf(),
            "set" => ParseSet(),
            "macro" => ParseMacro(),
            "call" => ParseCallBlock(),
            "filter" => ParseFilterBlock(),
            "with" => ParseWith(),
            "print" => ParsePrint(),
            "block" => ParseBlock(),
            "generation" => ParseGeneration(),
            "break" or "continue" => new LoopControl(_tokens.Take().Text == "break", tag.Line),
            "autoescape" => ParseAutoEscape(),
            "include" or "import" or "from" or "extends" => ParseImport(),
            _ => throw UnknownTag(tag),
        };
        _openTags.Pop();
        return statement;
    }

    /// <summary>The rest of a tag, then a body; the tag that ends it is the current token.</summary>
    private List<Statement> ParseBlockBody(params string[] endTags)
    {
        _tokens.SkipOperator(":");
        _tokens.Expect(TokenKind.BlockEnd);
        return ParseBody(endTags);
    }

    /// <summary>The rest of a tag, then a body and the name of the one tag that can end it.</summary>
    private List<Statement> ParseWholeBody(string endTag)
    {
        List<Statement> body = ParseBlockBody(endTag);
        _tokens.Take();
        return body;
    }

    private For ParseFor()
    {
        int line = _tokens.Take().Line;
        Expression target = ParseTarget();
        _tokens.ExpectName("in");
        Expression source = ParseTuple(withConditional: false);
        Expression? filter = _tokens.SkipName("if") ? ParseExpression() : null;
        bool isRecursive = _tokens.SkipName("recursive");
        List<Statement> body = ParseBlockBody("endfor", "else");
        List<Statement> otherwise = _tokens.Take().Text == "else" ? ParseWholeBody("endfor") : [];
        return new For(target, source, body, otherwise, filter, isRecursive, line);
    }

    private If ParseIf()
    {
        List<(Expression Test, List<Statement> Body, int Line)> branches = [];
        List<Statement> otherwise = [];
        int line = _tokens.Take().Line;
        while (true)
        {
            Expression test = ParseTuple(withConditional: false);
            branches.Add((test, ParseBlockBody("elif", "else", "endif"), line));
            string tag = _tokens.Take().Text;
            if (tag == "else")
                otherwise = ParseWholeBody("endif");
            if (tag != "elif")
                break;
            line = _tokens.Current.Line;
        }

        IEnumerable<If> alternatives = branches.Skip(1).Select(static branch => new If(branch.Test, branch.Body, [], [], branch.Line));
        return new If(branches[0].Test, branches[0].Body, [.. alternatives], otherwise, branches[0].Line);
    }

    private Statement ParseSet()
    {
        int line = _tokens.Take().Line;
        Expression target = ParseTarget(withNamespace: true);
        if (_tokens.SkipOperator("="))
            return new Assign(target, ParseTuple(), line);

        FilterExpression? filter = (FilterExpression?)ParseFilters(null);
        return new AssignBlock(target, filter, ParseWholeBody("endset"), line);
    }

    private Macro ParseMacro()
    {
        int line = _tokens.Take().Line;
        string name = ParseNameTarget(NameUse.Store).Text;
        (List<Name> parameters, List<Expression> defaults) = ParseParameters();
        return new Macro(name, new MacroBody(parameters, defaults, ParseWholeBody("endmacro")), line);
    }

    private CallBlock ParseCallBlock()
    {
        int line = _tokens.Take().Line;
        (List<Name> parameters, List<Expression> defaults) = _tokens.Current.IsOperator("(") ? ParseParameters() : ([], []);
        if (ParseExpression() is not Call call)
            throw Fail("expected call", line);

        return new CallBlock(call, new MacroBody(parameters, defaults, ParseWholeBody("endcall")), line);
    }

    private (List<Name> Parameters, List<Expression> Defaults) ParseParameters()
    {
        List<Name> parameters = [];
        List<Expression> defaults = [];
        _tokens.ExpectOperator("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
                _tokens.ExpectOperator(",");
            Name parameter = ParseNameTarget(NameUse.Parameter);
            if (_tokens.SkipOperator("="))
                defaults.Add(ParseExpression());
            else if (defaults.Count > 0)
                throw Fail("non-default argument follows default argument");
            parameters.Add(parameter);
        }

        _tokens.ExpectOperator(")");
        return (parameters, defaults);
    }

    private FilterBlock ParseFilterBlock()
    {
        int line = _tokens.Take().Line;
        FilterExpression filter = (FilterExpression)ParseFilters(null, startsInline: true)!;
        return new FilterBlock(filter, ParseWholeBody("endfilter"), line);
    }

    private With ParseWith()
    {
        int line = _tokens.Take().Line;
        List<Expression> targets = [], values = [];
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (targets.Count > 0)
                _tokens.ExpectOperator(",");
            targets.Add(ParseTarget(use: NameUse.Parameter));
            _tokens.ExpectOperator("=");
            values.Add(ParseExpression());
        }

        return new With(targets, values, ParseWholeBody("endwith"), line);
    }

    private Output ParsePrint()
    {
        int line = _tokens.Take().Line;
        List<Expression> parts = [];
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (parts.Count > 0)
                _tokens.ExpectOperator(",");
            parts.Add(ParseExpression());
        }

        return new Output(parts, line);
    }

    private Block ParseBlock()
    {
        int line = _tokens.Take().Line;
        string name = _tokens.Expect(TokenKind.Name).Text;
        bool isScoped = _tokens.SkipName("scoped");
        bool isRequired = _tokens.SkipName("required");
        if (_tokens.Current.IsOperator("-"))
            throw Fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.");

        List<Statement> body = ParseWholeBody("endblock");
        if (isRequired && !body.All(IsWhiteSpace))
            throw Fail("Required blocks can only contain comments or whitespace");
        _tokens.SkipName(name);
        return new Block(name, body, isScoped, isRequired, line);
    }

    private static bool IsWhiteSpace(Statement statement) =>
        statement is Output output && output.Parts.All(static part => part is TemplateText text && text.Text.All(Python.PythonText.IsSpace));

    private GenerationBlock ParseGeneration()
    {
        int line = _tokens.Take().Line;
        return new GenerationBlock(new MacroBody([], [], ParseWholeBody("endgeneration")), line);
    }

    private AutoEscape ParseAutoEscape()
    {
        int line = _tokens.Take().Line;
        Expression flag = ParseExpression();
        return new AutoEscape(flag, ParseWholeBody("endautoescape"), line);
    }

    private TemplateImport ParseImport()
    {
        Token tag = _tokens.Take();
        Expression template = ParseExpression();
        List<Name> assigned = [];
        bool ignoreMissing = false;
        switch (tag.Text)
        {
            case "include":
                ignoreMissing = SkipNames("ignore", "missing");
                SkipContext();
                break;
            case "import":
                _tokens.ExpectName("as");
                assigned.Add(ParseNameTarget(NameUse.Store));
                SkipContext();
                break;
            case "from":
                _tokens.ExpectName("import");
                ParseImportedNames(assigned);
                break;
        }

        return new TemplateImport(tag.Text, template, assigned, ignoreMissing, tag.Line);
    }

    private void ParseImportedNames(List<Name> assigned)
    {
        while (!SkipContext())
        {
            if (assigned.Count > 0)
                _tokens.ExpectOperator(",");
            if (SkipContext())
                return;

            Name name = ParseNameTarget(NameUse.Store);
            if (name.Text.StartsWith('_'))
                throw Fail("names starting with an underline can not be imported", name.Line);
            assigned.Add(_tokens.SkipName("as") ? ParseNameTarget(NameUse.Store) : name);
            if (SkipContext() || !_tokens.Current.IsOperator(","))
                return;
        }
    }

    private bool SkipContext() => SkipNames("with", "context") || SkipNames("without", "context");

    private bool SkipNames(string first, string second)
    {
        if (!_tokens.Current.IsName(first) || !_tokens.Following.IsName(second))
            return false;

        _tokens.Take();
        _tokens.Take();
        return true;
    }

    private Name ParseNameTarget(NameUse use)
    {
        Token token = _tokens.Expect(TokenKind.Name);
        return token.Text is "true" or "false" or "none" or "True" or "False" or "None"
            ? throw Fail("can't assign to 'name'", token.Line)
            : new Name(token.Text, use, token.Line);
    }

    private Expression ParseTarget(bool withNamespace = false, NameUse use = NameUse.Store)
    {
        Expression target = ParseTuple(() => ParsePrimary(withNamespace), hasParentheses: false);
        Assign(target);
        return target;

        void Assign(Expression part)
        {
            switch (part)
            {
                case Name name:
                    name.UseAs(use);
                    break;
                case TupleExpression tuple:
                    foreach (Expression item in tuple.Items)
                        Assign(item);
                    break;
                case NamespaceTarget:
                    break;
                default:
                    throw Fail($"can't assign to '{PythonName(target)}'", target.Line);
            }
        }
    }

    /// <summary>Jinja's name of a node type, for messages.</summary>
    private static string PythonName(Expression expression) => expression switch
    {
        Literal => "const",
        TupleExpression => "tuple",
        ListExpression => "list",
        DictExpression => "dict",
        Call => "call",
        FilterExpression => "filter",
        TestExpression => "test",
        AttributeAccess => "getattr",
        ItemAccess => "getitem",
        _ => "expression",
    };

    private TemplateException UnknownTag(Token tag)
    {
        _openTags.Pop();
        return Fail(Explain($"Encountered unknown tag '{tag.Text}'.", tag.Text), tag.Line);
    }

    private TemplateException UnexpectedEnd() => Fail(Explain("Unexpected end of template.", null));

    private string Explain(string start, string? tag)
    {
        List<string> message = [start];
        if (_awaitedTags.TryPeek(out string[]? awaited))
        {
            string names = string.Join(" or ", awaited.Select(static name => $"'{name}'"));
            message.Add(tag is not null && _awaitedTags.Any(tags => tags.Contains(tag))
                ? $"You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {names}."
                : $"Jinja was looking for the following tags: {names}.");
        }

        if (_openTags.TryPeek(out string? open))
            message.Add($"The innermost block that needs to be closed is '{open}'.");
        return string.Join(' ', message);
    }
}
