using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads the inside of one <c>{{ … }}</c> or <c>{% … %}</c>, up to and including its end.</summary>
internal sealed class TagLexer(string source, int position, bool isBlock)
{
    private static readonly string[] Operators =
    [
        "**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly Stack<char> _closers = new();

    /// <summary>A token and where it begins.</summary>
    internal readonly record struct Piece(TokenKind Kind, string Text, int Start);

    /// <summary>Where the next piece begins; after the last one, the offset behind the closing delimiter.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Where the closing delimiter begins, with its sign.</summary>
    public int EndTag { get; private set; }

    /// <summary>The white space sign of the closing delimiter, or NUL.</summary>
    public char EndSign { get; private set; }

    /// <summary>Whether the source ended before the tag did.</summary>
    public bool IsUnclosed { get; private set; }

    /// <summary>The next piece; null once the closing delimiter is read.</summary>
    public Piece? Next()
    {
        while (true)
        {
            if (_closers.Count == 0 && TryEnd())
                return null;
            if (Position >= source.Length)
                return Fail();
            if (!PythonText.IsSpace(source[Position]))
                break;
            Position++;
        }

        int start = Position;
        char c = source[start];
        if (NumberLiteral.Match(source, start) is { Length: > 0 } number)
            return Take(number.IsFloat ? TokenKind.Float : TokenKind.Integer, number.Length);
        if (Identifier.LengthAt(source, start) is > 0 and int length)
            return Name(length);
        if (c is '\'' or '"' && StringLiteral.LengthAt(source, start) is > 0 and int quoted)
            return String(quoted);

        foreach (string symbol in Operators)
            if (string.CompareOrdinal(source, start, symbol, 0, symbol.Length) == 0)
                return Operator(symbol);
        return Fail();
    }

    private bool TryEnd()
    {
        int at = Position;
        char sign = at < source.Length && (source[at] == '-' || (source[at] == '+' && isBlock)) ? source[at] : '\0';
        int delimiter = sign == '\0' ? at : at + 1;
        if (string.CompareOrdinal(source, delimiter, isBlock ? "%}" : "}}", 0, 2) != 0)
            return false;

        EndTag = at;
        EndSign = sign;
        Position = delimiter + 2;
        return true;
    }

    private Piece Name(int length)
    {
        Piece name = Take(TokenKind.Name, length);
        return Identifier.IsValid(name.Text) ? name : throw Syntax("Invalid character in identifier");
    }

    private Piece String(int length)
    {
        int start = Position;
        string? text = StringLiteral.Unescape(source.Substring(start + 1, length - 2), out string? fault);
        if (text is null)
            throw Syntax(fault!);

        Position += length;
        return new Piece(TokenKind.String, text, start);
    }

    private Piece Operator(string symbol)
    {
        char c = symbol[0];
        if (c is '(' or '[' or '{')
            _closers.Push(c == '(' ? ')' : c == '[' ? ']' : '}');
        else if (c is ')' or ']' or '}')
        {
            if (!_closers.TryPop(out char expected))
                throw Syntax($"unexpected '{c}'");
            if (expected != c)
                throw Syntax($"unexpected '{c}', expected '{expected}'");
        }

        return Take(TokenKind.Operator, symbol.Length);
    }

    private Piece Take(TokenKind kind, int length)
    {
        int start = Position;
        Position += length;
        return new Piece(kind, source.Substring(start, length), start);
    }

    /// <summary>At the end of the source the tag simply ends; the parser says what is missing.</summary>
    private Piece? Fail()
    {
        if (Position < source.Length)
        {
            string character = source.Substring(Position, PythonText.UnitsAt(source, Position));
            throw Syntax($"unexpected char {PythonRepr.Of(character)} at {PythonText.Length(source.AsSpan(0, Position))}");
        }

        IsUnclosed = true;
        return null;
    }

    private TemplateException Syntax(string message) =>
        new(TemplateErrorKind.Syntax, message, 1 + source.AsSpan(0, Position).Count('\n'));
}
