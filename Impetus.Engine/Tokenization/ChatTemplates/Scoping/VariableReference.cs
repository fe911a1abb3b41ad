namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>Where a variable lives.</summary>
/// <param name="Hops">How many procedures outwards.</param>
/// <param name="Slot">Its place in that procedure's variables.</param>
internal readonly record struct VariableReference(int Hops, int Slot);

/// <summary>A variable that others find by its name.</summary>
internal sealed record ExportedVariable(string Name, VariableReference Variable);

/// <summary>Whether text is escaped for HTML: never, always, or as the rendering's state says.</summary>
internal enum EscapeMode
{
    Off,
    On,
    Dynamic,
}

/// <summary>What a variable holds when its scope is entered.</summary>
internal enum InitialValue
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>What the context has under a name.</summary>
    FromContext,

    /// <summary>What a variable of an outer scope holds.</summary>
    FromOuter,
}

/// <summary>How one variable of a scope begins.</summary>
internal sealed record ScopeVariable(int Slot, InitialValue Initial, string Name, VariableReference Outer);

/// <summary>A stretch of a template with variables of its own: they are set at its beginning and cleared at its end.</summary>
internal sealed record Scope(IReadOnlyList<ScopeVariable> Variables, IReadOnlyList<int> Cleared)
{
    public static Scope Empty { get; } = new([], []);
}

/// <summary>A stretch of a template that runs with fresh variables each time: a template, macro, block or recursive loop.</summary>
internal sealed class Procedure
{
    public static Procedure None { get; } = new();

    /// <summary>How many variables it has.</summary>
    public int SlotCount { get; set; }

    /// <summary>The outermost scope.</summary>
    public Scope Scope { get; set; } = Scope.Empty;

    /// <summary>The slot of <c>self</c>, through which a template calls its blocks; null if it is not used.</summary>
    public int? SelfSlot { get; set; }

    /// <summary>The slot of <c>super</c> in a block; null if it is not used.</summary>
    public int? SuperSlot { get; set; }
}
