namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>How a variable comes by its first value: the instructions of Jinja's compiler.</summary>
internal enum LoadKind
{
    /// <summary>It is a parameter, or assigned by its statement.</summary>
    Parameter,

    /// <summary>It is looked up in the context.</summary>
    Resolve,

    /// <summary>It copies a variable of an outer scope.</summary>
    Alias,

    /// <summary>It has none.</summary>
    Undefined,
}

/// <summary>A first value, with the name or the outer variable that it comes from.</summary>
internal readonly record struct Load(LoadKind Kind, string Source);

/// <summary>
/// The names of one scope and the variables behind them, found by Jinja's rules (its module <c>idtracking</c>): a name
/// that is read before it is assigned is looked up outside; one that is assigned first hides what is outside.
/// </summary>
internal sealed class Symbols(Symbols? parent)
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Load> _loads = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stores = new(StringComparer.Ordinal);

    /// <summary>How many scopes lie around this one.</summary>
    public int Level { get; } = parent is null ? 0 : parent.Level + 1;

    /// <summary>The variables of this scope and their first values.</summary>
    public IReadOnlyDictionary<string, Load> Loads => _loads;

    /// <summary>The variable behind a name, here or further out.</summary>
    public string? Find(string name) => _variables.TryGetValue(name, out string? variable) ? variable : parent?.Find(name);

    /// <summary>Notes that a name is read.</summary>
    public void Load(string name)
    {
        if (Find(name) is null)
            Define(name, new Load(LoadKind.Resolve, name));
    }

    /// <summary>Notes that a name is assigned.</summary>
    public void Store(string name)
    {
        _stores.Add(name);
        if (!_variables.ContainsKey(name))
            Define(name, parent?.Find(name) is { } outer ? new Load(LoadKind.Alias, outer) : new Load(LoadKind.Undefined, name));
    }

    /// <summary>Makes a name a variable of this scope whatever is outside.</summary>
    public string Declare(string name)
    {
        _stores.Add(name);
        return Define(name, new Load(LoadKind.Parameter, name));
    }

    /// <summary>A copy for one branch of a condition.</summary>
    public Symbols Branch()
    {
        Symbols copy = new(parent);
        copy.Add(this);
        return copy;
    }

    /// <summary>Takes over what the branches of a condition did: what any of them assigns must have a value before.</summary>
    public void Merge(params ReadOnlySpan<Symbols> branches)
    {
        HashSet<string> assigned = new(StringComparer.Ordinal);
        foreach (Symbols branch in branches)
            assigned.UnionWith(branch._stores);
        assigned.ExceptWith(_stores);

        foreach (Symbols branch in branches)
            Add(branch);
        foreach (string name in assigned)
            _loads[Find(name)!] = parent?.Find(name) is { } outer ? new Load(LoadKind.Alias, outer) : new Load(LoadKind.Resolve, name);
    }

    /// <summary>The names assigned here or further out.</summary>
    public IEnumerable<string> AssignedNames() => parent is null ? _stores : _stores.Union(parent.AssignedNames());

    /// <summary>Variables are named by level and name, so that scopes side by side share them as they do in Jinja.</summary>
    private string Define(string name, Load load)
    {
        string variable = $"{Level}:{name}";
        _variables[name] = variable;
        _loads[variable] = load;
        return variable;
    }

    private void Add(Symbols other)
    {
        foreach ((string name, string variable) in other._variables)
            _variables[name] = variable;
        foreach ((string variable, Load load) in other._loads)
            _loads[variable] = load;
        _stores.UnionWith(other._stores);
    }
}
