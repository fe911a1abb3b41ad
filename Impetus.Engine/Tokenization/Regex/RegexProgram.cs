using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>What one instruction of the matcher does.</summary>
internal enum Op : byte
{
    /// <summary>Matches one code point of <see cref="Instruction.Set"/>.</summary>
    Set,

    /// <summary>Matches a run of <see cref="Instruction.Set"/>, between X and Y code points long.</summary>
    Run,

    /// <summary>Goes to X, and to Y on failure; straight to Y when the next code point is not in <see cref="Instruction.Set"/>.</summary>
    Split,

    /// <summary>Goes to X.</summary>
    Jump,

    /// <summary>Checks the assertion X.</summary>
    Assert,

    /// <summary>Runs the sub-program that follows, then goes to X where it ended.</summary>
    Atomic,

    /// <summary>Runs the sub-program that follows without moving, then goes to X. Y is 1 when it must fail.</summary>
    LookAhead,

    /// <summary>The same from <see cref="Instruction.Z"/> code points back.</summary>
    LookBehind,

    /// <summary>Matches one grapheme cluster.</summary>
    Grapheme,

    /// <summary>Remembers the position in register X.</summary>
    Mark,

    /// <summary>Leaves the loop, to Y, when nothing was matched since register X was marked.</summary>
    Progress,

    /// <summary>Ends a program or sub-program.</summary>
    Accept,
}

internal struct Instruction
{
    public Op Op;
    public Greed Greed;
    public int X;
    public int Y;
    public int Z;
    public CodePointSet? Set;
}

/// <summary>Compiles a <see cref="RegexNode"/> into instructions for a backtracking matcher.</summary>
internal sealed class RegexProgram
{
    private const int MaxInstructions = 20_000;
    private const int MaxVisits = 200_000;

    private readonly List<Instruction> _code = [];

    private int _visits;

    private RegexProgram()
    {
    }

    public Instruction[] Code { get; private set; } = [];

    public int Registers { get; private set; }

    /// <exception cref="OnigurumaSyntaxException">The program would be too large, or a look-behind has no fixed length.</exception>
    public static RegexProgram Compile(RegexNode node)
    {
        var program = new RegexProgram();
        program.Emit(node);
        program.Add(new Instruction { Op = Op.Accept });
        program.Code = [.. program._code];
        return program;
    }

    private void Emit(RegexNode node)
    {
        if (++_visits > MaxVisits)
            throw TooLarge();
        switch (node)
        {
            case RegexNode.Set set:
                Add(new Instruction { Op = Op.Set, Set = set.Members });
                break;
            case RegexNode.Sequence sequence:
                foreach (var item in sequence.Items)
                    Emit(item);
                break;
            case RegexNode.Alternation alternation:
                EmitAlternation(alternation.Branches);
                break;
            case RegexNode.Repeat { Body: RegexNode.Set set } repeat:
                Add(new Instruction { Op = Op.Run, Set = set.Members, X = repeat.Min, Y = repeat.Max, Greed = repeat.Greed });
                break;
            case RegexNode.Repeat { Greed: Greed.Possessive } repeat:
                Emit(new RegexNode.Atomic(repeat with { Greed = Greed.Greedy }));
                break;
            case RegexNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case RegexNode.Atomic atomic:
                EmitNested(new Instruction { Op = Op.Atomic }, atomic.Body);
                break;
            case RegexNode.Look { Behind: false } look:
                EmitNested(new Instruction { Op = Op.LookAhead, Y = look.Negative ? 1 : 0 }, look.Body);
                break;
            case RegexNode.Look look:
                EmitLookBehind(look);
                break;
            case RegexNode.Assert assert:
                Add(new Instruction { Op = Op.Assert, X = (int)assert.Kind });
                break;
            default:
                Add(new Instruction { Op = Op.Grapheme });
                break;
        }
    }

    private void EmitAlternation(IReadOnlyList<RegexNode> branches)
    {
        var exits = new List<int>();
        for (int i = 0; i < branches.Count; i++)
        {
            int split = i < branches.Count - 1 ? Add(new Instruction { Op = Op.Split, Set = FirstSet.Of(branches[i]) }) : -1;
            if (split >= 0)
                Patch(split, x: _code.Count);
            Emit(branches[i]);
            if (split < 0)
                continue;
            exits.Add(Add(new Instruction { Op = Op.Jump }));
            Patch(split, y: _code.Count);
        }
        foreach (int exit in exits)
            Patch(exit, x: _code.Count);
    }

    private void EmitRepeat(RegexNode.Repeat repeat)
    {
        for (int i = 0; i < repeat.Min; i++)
            Emit(repeat.Body);
        if (repeat.Max == RegexNode.Unbounded)
        {
            int register = Registers++;
            int split = AddSplit(repeat);
            Add(new Instruction { Op = Op.Mark, X = register });
            Emit(repeat.Body);
            int progress = Add(new Instruction { Op = Op.Progress, X = register });
            Add(new Instruction { Op = Op.Jump, X = split });
            PatchExit(split, repeat.Greed);
            Patch(progress, y: _code.Count);
            return;
        }
        var splits = new List<int>();
        for (int i = repeat.Min; i < repeat.Max; i++)
        {
            splits.Add(AddSplit(repeat));
            Emit(repeat.Body);
        }
        foreach (int split in splits)
            PatchExit(split, repeat.Greed);
    }

    /// <summary>A split whose one side, the body, follows it; the exit is patched later.</summary>
    private int AddSplit(RegexNode.Repeat repeat)
    {
        bool lazy = repeat.Greed == Greed.Lazy;
        int split = Add(new Instruction { Op = Op.Split, Set = lazy ? null : FirstSet.Of(repeat.Body) });
        if (lazy)
            Patch(split, y: split + 1);
        else
            Patch(split, x: split + 1);
        return split;
    }

    private void PatchExit(int split, Greed greed)
    {
        if (greed == Greed.Lazy)
            Patch(split, x: _code.Count);
        else
            Patch(split, y: _code.Count);
    }

    private void EmitLookBehind(RegexNode.Look look)
    {
        var branches = look.Body is RegexNode.Alternation alternation ? alternation.Branches : [look.Body];
        var parts = new List<RegexNode>();
        foreach (var branch in branches)
            parts.Add(new Fixed(branch, FixedLength.Of(branch) ?? throw new OnigurumaSyntaxException("a look-behind without a fixed length")));
        if (look.Negative)
        {
            // No branch may match, so each is checked in turn.
            foreach (var part in parts.Cast<Fixed>())
                EmitNested(new Instruction { Op = Op.LookBehind, Y = 1, Z = part.Length }, part.Body);
            return;
        }
        var exits = new List<int>();
        for (int i = 0; i < parts.Count; i++)
        {
            int split = i < parts.Count - 1 ? Add(new Instruction { Op = Op.Split }) : -1;
            if (split >= 0)
                Patch(split, x: _code.Count);
            var part = (Fixed)parts[i];
            EmitNested(new Instruction { Op = Op.LookBehind, Z = part.Length }, part.Body);
            if (split < 0)
                continue;
            exits.Add(Add(new Instruction { Op = Op.Jump }));
            Patch(split, y: _code.Count);
        }
        foreach (int exit in exits)
            Patch(exit, x: _code.Count);
    }

    private void EmitNested(Instruction instruction, RegexNode body)
    {
        int start = Add(instruction);
        Emit(body);
        Add(new Instruction { Op = Op.Accept });
        Patch(start, x: _code.Count);
    }

    private int Add(Instruction instruction)
    {
        if (_code.Count >= MaxInstructions)
            throw TooLarge();
        _code.Add(instruction);
        return _code.Count - 1;
    }

    private static OnigurumaSyntaxException TooLarge() => new("a pattern whose repetitions make it too large");

    private void Patch(int index, int? x = null, int? y = null)
    {
        var instruction = _code[index];
        instruction.X = x ?? instruction.X;
        instruction.Y = y ?? instruction.Y;
        _code[index] = instruction;
    }

    private sealed record Fixed(RegexNode Body, int Length) : RegexNode;
}
