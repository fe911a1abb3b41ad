using System.Text;
using Impetus.Retrieval.Reading.PlainText;

namespace Impetus.Retrieval.Reading.Rtf;

/// <summary>
/// Rich Text (RTF 1.9.1): paragraphs, headings by outline level or by the name of their style, tables, notes. What is no text of the document (font
/// tables, pictures, field instructions, deleted and hidden text) is passed over with its group.
/// </summary>
internal sealed class RtfReader
{
    private const int MaxGroups = 2000;

    private readonly DocumentBuilder _document;
    private readonly ReadingBudget _budget;
    private readonly RtfTokenizer _tokens;
    private readonly Stack<RtfGroup> _groups = new();
    private readonly Dictionary<int, Encoding> _fonts = [];
    private readonly Dictionary<int, int> _headingStyles = [];
    private readonly Dictionary<RtfDestination, StringBuilder> _texts = [];
    private readonly List<byte> _bytes = [];
    private readonly List<IReadOnlyList<string>> _rows = [];
    private readonly List<string> _cells = [];
    private readonly List<string> _notes = [];
    private Encoding _codePage = TextDecoder.FromLabel("windows-1252")!;
    private int _toSkip;

    private RtfReader(SourceFile file, DocumentBuilder document)
    {
        (_document, _budget, _tokens) = (document, file.Budget, new RtfTokenizer(file.Content));
        _groups.Push(new RtfGroup());
    }

    private RtfGroup Group => _groups.Peek();

    public static void Read(SourceFile file, DocumentBuilder document) => new RtfReader(file, document).Run();

    private void Run()
    {
        for (RtfToken token = _tokens.Next(); token.Kind != RtfTokenKind.End; token = _tokens.Next())
        {
            _budget.Check();
            switch (token.Kind)
            {
                case RtfTokenKind.GroupStart:
                    FlushBytes();
                    if (_groups.Count > MaxGroups)
                        throw ReadException.Damaged("its groups are nested too deeply");
                    _groups.Push(Group.Inherit());
                    _toSkip = 0;
                    break;
                case RtfTokenKind.GroupEnd:
                    FlushBytes();
                    EndGroup();
                    break;
                case RtfTokenKind.Byte when _toSkip > 0:
                    _toSkip--;
                    break;
                case RtfTokenKind.Byte:
                    _bytes.Add(token.Value);
                    break;
                default:
                    Control(token);
                    break;
            }
        }
        FlushBytes();
        EndParagraph();
        EndTable();
        if (_groups.Count > 1)
            _document.Warn("truncated", "The end of this file is missing; what is there was read.");
    }

    private void EndGroup()
    {
        _toSkip = 0;
        if (_groups.Count == 1)
            return;
        RtfGroup ended = _groups.Pop();
        if (ended.Destination == Group.Destination)
            return;
        switch (ended.Destination)
        {
            case RtfDestination.Note:
                _notes.Add(Take(RtfDestination.Note));
                break;
            case RtfDestination.Running:
                _document.Running(Take(RtfDestination.Running));
                break;
            case RtfDestination.Title:
                _document.Title = Take(RtfDestination.Title);
                break;
            case RtfDestination.Author:
                _document.Metadata("author", Take(RtfDestination.Author));
                break;
        }
    }

    private void Control(RtfToken token)
    {
        FlushBytes();
        if (_toSkip > 0 && token.Word is not "u")
            _toSkip--;
        int number = token.Number ?? 0;
        switch (token.Word)
        {
            case "u":
                // A signed number of 16 bits: what stands after it for older readers is skipped.
                Write(((char)(ushort)number).ToString());
                _toSkip = Group.FallbackCharacters;
                break;
            case "uc":
                Group.FallbackCharacters = Math.Clamp(number, 0, 100);
                break;
            case "par" or "sect" or "page":
                EndParagraph();
                break;
            case "line" or "softline":
                Write("\n");
                break;
            case "tab":
                Write("\t");
                break;
            case "cell" or "nestcell":
                _cells.Add(Take(RtfDestination.Body));
                break;
            case "row" or "nestrow":
                EndRow();
                break;
            case "pard":
                (Group.OutlineLevel, Group.InTable) = (null, false);
                break;
            case "intbl":
                Group.InTable = true;
                break;
            case "outlinelevel":
                Group.OutlineLevel = number;
                break;
            case "s" when Group.Destination == RtfDestination.StyleSheet:
                Group.Style = number;
                break;
            case "s":
                Group.OutlineLevel = _headingStyles.TryGetValue(number, out int level) ? level : null;
                break;
            case "plain":
                Group.IsHidden = false;
                break;
            case "v" or "deleted":
                Group.IsHidden = token.Number is null or not 0;
                break;
            case "ansicpg":
                _codePage = TextDecoder.FromLabel("windows-" + number) ?? TextDecoder.FromLabel("cp" + number) ?? CodePage(number) ?? _codePage;
                break;
            case "mac":
                _codePage = CodePage(10000) ?? _codePage;
                break;
            case "f":
                Group.Font = number;
                break;
            case "fcharset" when Group.Destination == RtfDestination.Fonts && CodePage(RtfCharacters.CodePageOf(number)) is { } encoding:
                _fonts[Group.Font] = encoding;
                break;
            default:
                if (RtfCharacters.Named(token.Word) is { } character)
                    Write(character);
                else
                    Destination(token.Word);
                break;
        }
    }

    private void Destination(string word)
    {
        RtfDestination? destination = word switch
        {
            "footnote" => RtfDestination.Note,
            "header" or "headerl" or "headerr" or "headerf" or "footer" or "footerl" or "footerr" or "footerf" => RtfDestination.Running,
            "stylesheet" => RtfDestination.StyleSheet,
            "fonttbl" => RtfDestination.Fonts,
            "title" when Group.Destination == RtfDestination.Nothing => RtfDestination.Title,
            "author" when Group.Destination == RtfDestination.Nothing => RtfDestination.Author,
            // Text boxes and the results of fields live inside of ignorable groups.
            "shptxt" or "fldrslt" or "listtext" or "pntext" => Group.Destination == RtfDestination.Nothing && word == "shptxt" ? RtfDestination.Body : null,
            "*" or "info" or "pict" or "object" or "colortbl" or "fldinst" or "filetbl" or "listtable" or "listoverridetable" or "revtbl" or "rsidtbl" or "nonshppict" or "xe" or "tc"
                or "bkmkstart" or "bkmkend" or "annotation" or "themedata" or "datastore" or "generator" or "latentstyles" or "pgdsctbl" or "shprslt" or "nesttableprops" or "private" => RtfDestination.Nothing,
            _ => null,
        };
        if (destination is { } found)
            Group.Destination = found;
    }

    private void FlushBytes()
    {
        if (_bytes.Count == 0)
            return;
        Encoding encoding = _fonts.GetValueOrDefault(Group.Font, _codePage);
        string text = encoding.GetString([.. _bytes]);
        _bytes.Clear();
        Write(text);
    }

    private void Write(string text)
    {
        FlushBytes();
        RtfGroup group = Group;
        if (group.IsHidden)
            return;
        switch (group.Destination)
        {
            case RtfDestination.Nothing or RtfDestination.Fonts:
                break;
            case RtfDestination.StyleSheet:
                NameStyle(group, text);
                break;
            default:
                Buffer(group.Destination).Append(text);
                break;
        }
    }

    // "heading 2;" in the style sheet, "Heading 2;" from some writers.
    private void NameStyle(RtfGroup group, string text)
    {
        string name = (group.StyleName += text).TrimStart();
        if (name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) && name.Length > 8 && name[8] is >= '1' and <= '9')
            _headingStyles[group.Style] = name[8] - '1';
        else if (name.StartsWith("title;", StringComparison.OrdinalIgnoreCase))
            _headingStyles[group.Style] = 0;
    }

    private void EndParagraph()
    {
        if (Group.Destination != RtfDestination.Body)
        {
            Write("\n");
            return;
        }
        if (Group.InTable)
        {
            Write("\n");
            return;
        }
        EndTable();
        string text = Take(RtfDestination.Body);
        if (Group.OutlineLevel is { } level and < 9)
            _document.Heading(level + 1, text);
        else
            _document.Paragraph(text);
        WriteNotes();
    }

    private void EndRow()
    {
        if (_cells.Count > 0)
            _rows.Add([.. _cells]);
        _cells.Clear();
    }

    private void EndTable()
    {
        EndRow();
        if (_rows.Count == 0)
            return;
        _document.Table([.. _rows]);
        _rows.Clear();
        WriteNotes();
    }

    private void WriteNotes()
    {
        foreach (string note in _notes)
            _document.Note(note);
        _notes.Clear();
    }

    private StringBuilder Buffer(RtfDestination destination)
    {
        if (!_texts.TryGetValue(destination, out StringBuilder? buffer))
            _texts[destination] = buffer = new StringBuilder();
        return buffer;
    }

    private string Take(RtfDestination destination)
    {
        StringBuilder buffer = Buffer(destination);
        string text = buffer.ToString();
        buffer.Clear();
        return text;
    }

    private static Encoding? CodePage(int number)
    {
        try
        {
            return number <= 0 ? null : Encoding.GetEncoding(number);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
