using Impetus.Engine.Tokenization.ChatTemplates.Builtins;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>
/// Decides, once for each template, which variable every name means, and refuses what Jinja refuses to compile.
/// </summary>
/// <remarks>
/// Jinja translates a template into Python functions, and its scoping follows from that translation: what an outer scope
/// assigns anywhere hides the context everywhere in it; a macro sees the variables around its definition as they are when
/// it runs. This pass walks the tree in the order of that translation and writes down where the variables live.
/// </remarks>
internal sealed partial class ScopeResolver
{
    private readonly Dictionary<string, Block> _blocks = new(StringComparer.Ordinal);

    /// <summary>Whether values are escaped at the present place.</summary>
    private EscapeMode _escape;

    /// <summary>The line of the last statement in the order of Jinja's code, which is what it reports for code that has none.</summary>
    private int _lastLine = 1;

    private ScopeResolver()
    {
    }

    /// <summary>Resolves a template's names and returns its blocks.</summary>
    /// <exception cref="TemplateException">An unknown filter or test, a block defined twice, a <c>break</c> outside a loop …</exception>
    public static IReadOnlyDictionary<string, Block> Resolve(TemplateRoot root)
    {
        ScopeResolver resolver = new();
        foreach (Block block in root.SelfAndDescendants().OfType<Block>())
            if (!resolver._blocks.TryAdd(block.Name, block))
                throw Fail($"block '{block.Name}' defined twice", block.Line);

        resolver.VisitRoot(root);
        foreach (Block block in resolver._blocks.Values)
            resolver.VisitBlockBody(block);
        return resolver._blocks;
    }

    /// <summary>The present place: its names, its procedure, and what is special about it.</summary>
    private sealed record Place(Symbols Symbols, ProcedureBuilder Procedure)
    {
        /// <summary>Whether assignments here are visible in the context.</summary>
        public bool IsTopLevel { get; init; }

        /// <summary>Whether an unknown filter or test is an error only when it is reached.</summary>
        public bool IsConditional { get; init; }

        public Place Inner() => new(new Symbols(Symbols), Procedure);

        public Place InnerProcedure() => new(new Symbols(Symbols), new ProcedureBuilder(Procedure));
    }

    private void VisitRoot(TemplateRoot root)
    {
        Place place = new(new Symbols(null), new ProcedureBuilder(null)) { IsTopLevel = true };
        root.Procedure = place.Procedure.Procedure;
        if (FreeNames.In(root.Body, "self").Count > 0)
            root.Procedure.SelfSlot = place.Procedure.SlotOf(place.Symbols.Declare("self"));
        new SymbolVisitor(place.Symbols).Visit(root.Body);
        root.Procedure.Scope = Enter(place);
        Visit(root.Body, place);
    }

    private void VisitBlockBody(Block block)
    {
        _lastLine = block.Line;
        Place place = new(new Symbols(null), new ProcedureBuilder(null));
        block.Procedure = place.Procedure.Procedure;
        HashSet<string> special = FreeNames.In(block.Body, "self", "super");
        if (special.Contains("self"))
            block.Procedure.SelfSlot = place.Procedure.SlotOf(place.Symbols.Declare("self"));
        if (special.Contains("super"))
            block.Procedure.SuperSlot = place.Procedure.SlotOf(place.Symbols.Declare("super"));
        new SymbolVisitor(place.Symbols).Visit(block.Body);
        block.Procedure.Scope = Enter(place);
        Visit(block.Body, place);
    }

    /// <summary>Gives the variables of a scope their slots.</summary>
    private static Scope Enter(Place place)
    {
        List<ScopeVariable> variables = [];
        List<int> slots = [];
        foreach ((string variable, Load load) in place.Symbols.Loads)
        {
            int slot = place.Procedure.SlotOf(variable);
            slots.Add(slot);
            if (load.Kind == LoadKind.Resolve)
                variables.Add(new ScopeVariable(slot, InitialValue.FromContext, load.Source, default));
            else if (load.Kind == LoadKind.Alias)
                variables.Add(new ScopeVariable(slot, InitialValue.FromOuter, "", place.Procedure.Find(load.Source)));
            else if (load.Kind == LoadKind.Undefined)
                variables.Add(new ScopeVariable(slot, InitialValue.Missing, "", default));
        }

        return new Scope(variables, slots);
    }

    private void Visit(IEnumerable<Node> nodes, Place place)
    {
        foreach (Node node in nodes)
            Visit(node, place);
    }

    private void Visit(Node node, Place place)
    {
        if (node is Expression expression and not ItemAccess && Constants.IsConstant(expression))
            foreach (ItemAccess access in expression.SelfAndDescendants().OfType<ItemAccess>())
                access.IsLenient = true;

        switch (node)
        {
            case Name name:
                name.Variable = Find(name.Text, place);
                break;
            case NamespaceTarget target:
                target.Variable = Find(target.Name, place);
                break;
            case Conditional conditional:
                Visit(conditional.Children, place with { IsConditional = true });
                break;
            case Concatenation concatenation:
                concatenation.Escape = _escape;
                Visit(concatenation.Parts, place);
                break;
            case FilterExpression filter:
                EnsureKnown(Filters.Contains(filter.Name), "filter", filter.Name, filter.Line, place);
                EnsureDistinct(filter.Arguments);
                Visit(filter.Children, place);
                break;
            case TestExpression test:
                EnsureKnown(Tests.Contains(test.Name), "test", test.Name, test.Line, place);
                EnsureDistinct(test.Arguments);
                Visit(test.Children, place);
                break;
            case Call call:
                EnsureDistinct(call.Arguments);
                Visit(call.Children, place);
                break;
            case Statement statement:
                VisitStatement(statement, place);
                break;
            default:
                Visit(node.Children, place);
                break;
        }
    }

    private static VariableReference Find(string name, Place place) =>
        place.Procedure.Find(place.Symbols.Find(name) ?? throw new InvalidOperationException($"The name '{name}' was not analysed."));

    private static List<ExportedVariable> Exports(Expression target, Place place) => place.IsTopLevel
        ? [.. target.SelfAndDescendants().OfType<Name>().Select(name => new ExportedVariable(name.Text, name.Variable))]
        : [];

    private static List<ExportedVariable> Surroundings(Place place) =>
        [.. place.Symbols.AssignedNames().Select(name => new ExportedVariable(name, Find(name, place)))];

    private static void EnsureKnown(bool isKnown, string what, string name, int line, Place place)
    {
        if (!isKnown && !place.IsConditional)
            throw Fail($"No {what} named {PythonRepr.Of(name)}.", line);
    }

    private static void EnsureDistinct(ArgumentList arguments)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, _) in arguments.Named)
            if (!names.Add(name))
                throw RepeatedArgument(name);
    }

    private static TemplateException RepeatedArgument(string name) => new(TemplateErrorKind.Syntax, $"keyword argument repeated: {name}");

    private static TemplateException Fail(string message, int line) => new(TemplateErrorKind.Syntax, message, line);
}
