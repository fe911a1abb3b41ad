using Impetus.Engine.Tokenization.ChatTemplates.Scoping;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>The variables of one run of a procedure; a variable without a value is null.</summary>
internal sealed class Frame
{
    private readonly TemplateValue?[] _slots;
    private readonly Frame? _outer;

    public Frame(Procedure procedure, Frame? outer, Context context)
    {
        _slots = new TemplateValue?[procedure.SlotCount];
        _outer = outer;
        Context = context;
        Enter(procedure.Scope);
    }

    public Context Context { get; }

    public TemplateValue? this[VariableReference variable]
    {
        get => Owner(variable.Hops)._slots[variable.Slot];
        set => Owner(variable.Hops)._slots[variable.Slot] = value;
    }

    /// <summary>Sets a variable of this frame itself.</summary>
    public void Set(int slot, TemplateValue? value) => _slots[slot] = value;

    /// <summary>Whether a variable of this frame has a value.</summary>
    public bool Has(int slot) => _slots[slot] is not null;

    /// <summary>Gives the variables of a scope their first values.</summary>
    public void Enter(Scope scope)
    {
        foreach (ScopeVariable variable in scope.Variables)
            _slots[variable.Slot] = variable.Initial switch
            {
                InitialValue.FromContext => Context.Find(variable.Name),
                InitialValue.FromOuter => this[variable.Outer],
                _ => null,
            };
    }

    /// <summary>Takes the values of a scope's variables away.</summary>
    public void Leave(Scope scope)
    {
        foreach (int slot in scope.Cleared)
            _slots[slot] = null;
    }

    private Frame Owner(int hops)
    {
        Frame frame = this;
        while (hops-- > 0)
            frame = frame._outer!;
        return frame;
    }
}
