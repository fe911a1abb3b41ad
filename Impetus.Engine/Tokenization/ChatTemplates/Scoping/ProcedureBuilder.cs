namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>Gives the variables of a procedure their slots and finds those of the procedures around it.</summary>
internal sealed class ProcedureBuilder(ProcedureBuilder? outer)
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    public Procedure Procedure { get; } = new();

    /// <summary>Whether <c>break</c> and <c>continue</c> have a loop to act on at the present place.</summary>
    public bool IsInLoop { get; set; }

    /// <summary>The slot of a variable of this procedure.</summary>
    public int SlotOf(string variable)
    {
        if (!_slots.TryGetValue(variable, out int slot))
        {
            _slots[variable] = slot = _slots.Count;
            Procedure.SlotCount = _slots.Count;
        }

        return slot;
    }

    /// <summary>Where a variable lives, seen from this procedure.</summary>
    public VariableReference Find(string variable)
    {
        int hops = 0;
        for (ProcedureBuilder? procedure = this; procedure is not null; procedure = procedure.Outer, hops++)
            if (procedure._slots.TryGetValue(variable, out int slot))
                return new VariableReference(hops, slot);
        return new VariableReference(0, SlotOf(variable));
    }

    private ProcedureBuilder? Outer => outer;
}
