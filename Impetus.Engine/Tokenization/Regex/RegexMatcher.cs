using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>
/// Runs a <see cref="RegexProgram"/> over a text: backtracking with its own stack, so no input overflows the thread's, and a
/// budget of steps in the place of a time-out, so that an answer never depends on the machine.
/// </summary>
internal ref struct RegexMatcher(RegexProgram program, ReadOnlySpan<char> text)
{
    private const long BaseSteps = 20_000_000;
    private const long StepsPerCharacter = 2_000;

    private readonly Instruction[] _code = program.Code;
    private readonly ReadOnlySpan<char> _text = text;
    private readonly int[] _registers = program.Registers == 0 ? [] : new int[program.Registers];
    private long _steps = BaseSteps + StepsPerCharacter * text.Length;
    private Frame[] _stack = [];
    private int _depth;

    private enum FrameKind
    {
        Branch,
        GiveBack,
        TakeMore,
        Register,
    }

    /// <summary>Where a match that starts exactly at <paramref name="start"/> ends, or −1.</summary>
    /// <exception cref="TokenizationException">The pattern takes too many steps on this text.</exception>
    public int MatchAt(int start) => Run(0, start);

    private int Run(int pc, int position)
    {
        int floor = _depth;
        while (true)
        {
            if (--_steps < 0)
                throw new TokenizationException("A pattern of this tokenizer takes too many steps on this text; shorten the text.");
            ref readonly var instruction = ref _code[pc];
            bool matched = true;
            switch (instruction.Op)
            {
                case Op.Set:
                    if (Peek(position, out int width) is var c && c >= 0 && instruction.Set!.Contains(c))
                        position += width;
                    else
                        matched = false;
                    pc++;
                    break;
                case Op.Run:
                    matched = StartRun(in instruction, pc + 1, ref position);
                    pc++;
                    break;
                case Op.Split:
                    if (instruction.Set is { } first && (Peek(position, out _) is var next && (next < 0 || !first.Contains(next))))
                    {
                        pc = instruction.Y;
                        break;
                    }
                    Push(new Frame(FrameKind.Branch, instruction.Y, position, 0));
                    pc = instruction.X;
                    break;
                case Op.Jump:
                    pc = instruction.X;
                    break;
                case Op.Assert:
                    matched = Holds((Assertion)instruction.X, position);
                    pc++;
                    break;
                case Op.Atomic:
                    int end = Run(pc + 1, position);
                    matched = end >= 0;
                    position = end;
                    pc = instruction.X;
                    break;
                case Op.LookAhead:
                    matched = Run(pc + 1, position) >= 0 == (instruction.Y == 0);
                    pc = instruction.X;
                    break;
                case Op.LookBehind:
                    int from = Back(position, instruction.Z);
                    matched = (from >= 0 && Run(pc + 1, from) == position) == (instruction.Y == 0);
                    pc = instruction.X;
                    break;
                case Op.Grapheme:
                    int cluster = StringInfo.GetNextTextElementLength(_text[position..]);
                    matched = cluster > 0;
                    position += cluster;
                    pc++;
                    break;
                case Op.Mark:
                    Push(new Frame(FrameKind.Register, instruction.X, _registers[instruction.X], 0));
                    _registers[instruction.X] = position;
                    pc++;
                    break;
                case Op.Progress:
                    pc = _registers[instruction.X] == position ? instruction.Y : pc + 1;
                    break;
                default:
                    _depth = floor;
                    return position;
            }
            if (!matched && !Backtrack(floor, ref pc, ref position))
                return -1;
        }
    }

    /// <summary>Takes a run of one set as far as its greed goes, and leaves a frame for its other lengths.</summary>
    private bool StartRun(ref readonly Instruction run, int pc, ref int position)
    {
        var set = run.Set!;
        int count = 0, least = position;
        int wanted = run.Greed == Greed.Lazy ? run.X : run.Y;
        while (count < wanted && Peek(position, out int width) is var c && c >= 0 && set.Contains(c))
        {
            position += width;
            if (++count == run.X)
                least = position;
        }
        _steps -= count >> 4;
        if (count < run.X)
            return false;
        if (run.Greed == Greed.Greedy && position > least)
            Push(new Frame(FrameKind.GiveBack, pc, position, least));
        else if (run.Greed == Greed.Lazy && count < run.Y)
            Push(new Frame(FrameKind.TakeMore, pc, position, run.Y - count));
        return true;
    }

    private bool Backtrack(int floor, ref int pc, ref int position)
    {
        while (_depth > floor)
        {
            ref var frame = ref _stack[_depth - 1];
            switch (frame.Kind)
            {
                case FrameKind.Branch:
                    _depth--;
                    pc = frame.Pc;
                    position = frame.Position;
                    return true;
                case FrameKind.Register:
                    _depth--;
                    _registers[frame.Pc] = frame.Position;
                    break;
                case FrameKind.GiveBack:
                    frame.Position = Back(frame.Position, 1);
                    pc = frame.Pc;
                    position = frame.Position;
                    if (frame.Position <= frame.Limit)
                        _depth--;
                    return true;
                default:
                    int next = Peek(frame.Position, out int width);
                    if (next < 0 || !_code[frame.Pc - 1].Set!.Contains(next))
                    {
                        _depth--;
                        break;
                    }
                    frame.Position += width;
                    pc = frame.Pc;
                    position = frame.Position;
                    if (--frame.Limit == 0)
                        _depth--;
                    return true;
            }
        }
        return false;
    }

    private readonly int Peek(int position, out int width)
    {
        width = 1;
        if ((uint)position >= (uint)_text.Length)
            return -1;
        char c = _text[position];
        if (!char.IsHighSurrogate(c) || position + 1 >= _text.Length)
            return c;
        width = 2;
        return char.ConvertToUtf32(c, _text[position + 1]);
    }

    private readonly int Back(int position, int codePoints)
    {
        for (; codePoints > 0 && position > 0; codePoints--)
            position -= position > 1 && char.IsLowSurrogate(_text[position - 1]) ? 2 : 1;
        return codePoints == 0 ? position : -1;
    }

    private readonly bool Holds(Assertion assertion, int position) => assertion switch
    {
        Assertion.TextStart => position == 0,
        Assertion.TextEnd => position == _text.Length,
        Assertion.TextEndOrFinalNewline => position == _text.Length || (position == _text.Length - 1 && _text[position] == '\n'),
        Assertion.LineStart => position == 0 || (_text[position - 1] == '\n' && position < _text.Length),
        Assertion.LineEnd => position == _text.Length || _text[position] == '\n',
        Assertion.WordBoundary => IsWordBefore(position) != IsWordAt(position),
        _ => IsWordBefore(position) == IsWordAt(position),
    };

    private readonly bool IsWordAt(int position) => Peek(position, out _) is var c && c >= 0 && UnicodeData.Word.Contains(c);

    private readonly bool IsWordBefore(int position) => position > 0 && IsWordAt(Back(position, 1));

    private void Push(Frame frame)
    {
        if (_depth == _stack.Length)
            Array.Resize(ref _stack, Math.Max(16, _depth * 2));
        _stack[_depth++] = frame;
    }

    /// <summary>A way not yet taken. <see cref="Limit"/> is where giving back ends, or how many more may be taken.</summary>
    private struct Frame(FrameKind kind, int pc, int position, int limit)
    {
        public readonly FrameKind Kind = kind;
        public readonly int Pc = pc;
        public int Position = position;
        public int Limit = limit;
    }
}
