using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Syntax;

/// <summary>
/// Cuts a template into tokens, with <c>trim_blocks</c> and <c>lstrip_blocks</c> on: the newline after a block or comment
/// goes, and so do the blanks before one that begins its line. A <c>-</c> inside a delimiter takes all white space on its
/// side, a <c>+</c> keeps it.
/// </summary>
internal sealed class Lexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _lineAt;
    private int _line = 1;
    private bool _lineStarting = true;

    private Lexer(string source) => _source = source;

    /// <summary>The tokens, the last of which is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="TemplateException">An unknown character, or a comment, raw block or string without end.</exception>
    public static List<Token> Tokenize(string source)
    {
        Lexer lexer = new(NormalizeNewlines(source));
        lexer.Run();
        return lexer._tokens;
    }

    /// <summary>Every kind of newline becomes a line feed, and one at the very end goes.</summary>
    private static string NormalizeNewlines(string source)
    {
        string normal = Newlines.ToLineFeeds(source);
        return normal.EndsWith('\n') ? normal[..^1] : normal;
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            int start = _position;
            int tag = FindTag(start);
            if (tag < 0)
            {
                Add(TokenKind.Data, _source[start..], start);
                _position = _source.Length;
                break;
            }

            char kind = _source[tag + 1];
            RawTag? raw = kind == '%' ? RawTag.Match(_source, tag, "raw") : null;
            char sign = raw?.Sign ?? SignAt(tag + 2);
            string text = StripBefore(_source[start..tag], sign, isVariable: kind == '{');
            if (text.Length > 0)
                Add(TokenKind.Data, text, start);

            _position = raw?.End ?? tag + (sign == '\0' ? 2 : 3);
            _lineStarting = false;
            if (raw is not null)
                ReadRaw();
            else if (kind == '#')
                ReadComment();
            else
                ReadTag(kind == '%', tag);
        }

        _tokens.Add(new Token(TokenKind.End, "", _tokens.Count > 0 ? _tokens[^1].Line : 1));
    }

    private int FindTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        return -1;
    }

    private char SignAt(int at) => at < _source.Length && _source[at] is '-' or '+' ? _source[at] : '\0';

    private string StripBefore(string text, char sign, bool isVariable)
    {
        if (sign == '-')
            return PythonText.Strip(text, start: false, end: true);
        if (sign == '+' || isVariable)
            return text;

        int lineStart = text.LastIndexOf('\n') + 1;
        bool beginsLine = lineStart > 0 || _lineStarting;
        return beginsLine && PythonText.Strip(text[lineStart..], true, true).Length == 0 ? text[..lineStart] : text;
    }

    /// <remarks>A comment or raw block that opens at the very end of the source counts as closed.</remarks>
    private void ReadComment()
    {
        if (_position == _source.Length)
            return;

        int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0)
            throw new TemplateException(TemplateErrorKind.Syntax, "Missing end of comment tag", LineOf(_position));

        char sign = end > _position ? SignAt(end - 1) : '\0';
        FinishTag(end + 2, sign, trimsNewline: true);
    }

    private void ReadRaw()
    {
        int start = _position;
        if (start == _source.Length)
            return;

        for (int at = _source.IndexOf("{%", start, StringComparison.Ordinal); at >= 0; at = _source.IndexOf("{%", at + 1, StringComparison.Ordinal))
        {
            if (RawTag.Match(_source, at, "endraw") is not { } end)
                continue;

            string text = StripBefore(_source[start..at], end.Sign, isVariable: false);
            if (text.Length > 0)
                Add(TokenKind.Data, text, start);
            _position = end.End;
            _lineStarting = _source[_position - 1] == '\n';
            return;
        }

        throw new TemplateException(TemplateErrorKind.Syntax, "Missing end of raw directive", LineOf(start));
    }

    private void ReadTag(bool isBlock, int tag)
    {
        Add(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, "", tag);
        TagLexer lexer = new(_source, _position, isBlock);
        while (lexer.Next() is { } token)
            Add(token.Kind, token.Text, token.Start);

        if (lexer.IsUnclosed)
        {
            _position = _source.Length;
            return;
        }

        Add(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, "", lexer.EndTag);
        FinishTag(lexer.Position, lexer.EndSign, trimsNewline: isBlock);
    }

    private void FinishTag(int end, char sign, bool trimsNewline)
    {
        _position = end;
        if (sign == '-')
            while (_position < _source.Length && PythonText.IsSpace(_source[_position]))
                _position++;
        else if (sign == '\0' && trimsNewline && _position < _source.Length && _source[_position] == '\n')
            _position++;
        _lineStarting = _source[_position - 1] == '\n';
    }

    private void Add(TokenKind kind, string text, int start) => _tokens.Add(new Token(kind, text, LineOf(start)));

    private int LineOf(int position)
    {
        _line += _source.AsSpan(_lineAt, position - _lineAt).Count('\n');
        _lineAt = position;
        return _line;
    }
}
