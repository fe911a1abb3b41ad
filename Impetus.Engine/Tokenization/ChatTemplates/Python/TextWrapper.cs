using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>textwrap.wrap</c> of one paragraph, which keeps tabs and the white space within lines.</summary>
internal sealed class TextWrapper(int width, bool breakLongWords, bool breakOnHyphens, Budget budget)
{
    private const string WhiteSpace = "\t\n\v\f\r ";

    /// <summary>The lines, none longer than the width unless a word is.</summary>
    public List<string> Wrap(string text)
    {
        if (width <= 0)
            throw Errors.Value($"invalid width {width} (must be > 0)");

        Stack<string> chunks = new(Chunks(text).Reverse<string>());
        List<string> lines = [];
        while (chunks.Count > 0)
        {
            List<string> line = [];
            int length = 0;
            if (IsBlank(chunks.Peek()) && lines.Count > 0)
                chunks.Pop();
            budget.Step();
            while (chunks.TryPeek(out string? next) && length + PythonText.Length(next) <= width)
            {
                length += PythonText.Length(next);
                line.Add(chunks.Pop());
            }

            if (chunks.TryPeek(out string? tooLong) && PythonText.Length(tooLong) > width)
                TakePartOf(chunks, line, length);
            if (line.Count > 0 && IsBlank(line[^1]))
                line.RemoveAt(line.Count - 1);
            if (line.Count > 0)
                lines.Add(string.Concat(line));
        }

        return lines;
    }

    private void TakePartOf(Stack<string> chunks, List<string> line, int length)
    {
        if (breakLongWords)
        {
            string word = chunks.Pop();
            budget.ChargeText(word.Length);
            int room = width - length;
            int hyphen = breakOnHyphens && room > 0 ? LastHyphen(word, room) : -1;
            int end = PythonText.OffsetOf(word, hyphen > 0 ? hyphen + 1 : room);
            line.Add(word[..end]);
            chunks.Push(word[end..]);
        }
        else if (line.Count == 0)
            line.Add(chunks.Pop());
    }

    /// <summary>The index of the last hyphen before the room ends that has something else before it.</summary>
    private static int LastHyphen(string word, int room)
    {
        int at = word.LastIndexOf('-', PythonText.OffsetOf(word, room) - 1);
        return at > 0 && word.AsSpan(0, at).IndexOfAnyExcept('-') >= 0 ? PythonText.Length(word.AsSpan(0, at)) : -1;
    }

    private static bool IsBlank(string chunk) => PythonText.Strip(chunk, true, true).Length == 0;

    /// <summary>White space, words, and the parts of words that a hyphen lets a line end after.</summary>
    private List<string> Chunks(string text)
    {
        List<string> chunks = [];
        for (int at = 0; at < text.Length;)
        {
            int start = at;
            bool isSpace = WhiteSpace.Contains(text[at], StringComparison.Ordinal);
            while (at < text.Length && WhiteSpace.Contains(text[at], StringComparison.Ordinal) == isSpace)
                at++;
            if (isSpace || !breakOnHyphens)
                chunks.Add(text[start..at]);
            else
                AddParts(text[start..at], chunks);
        }

        return chunks;
    }

    private static void AddParts(string word, List<string> chunks)
    {
        StringBuilder part = new();
        for (int i = 0; i < word.Length; i++)
        {
            int dash = i;
            while (dash < word.Length && word[dash] == '-')
                dash++;
            bool isEmDash = dash - i >= 2 && dash < word.Length && IsWordCharacter(word[dash]) && i > 0 && IsBeforeDash(word[i - 1]);
            if (isEmDash)
            {
                if (part.Length > 0)
                    chunks.Add(part.ToString());
                chunks.Add(word[i..dash]);
                part.Clear();
                i = dash - 1;
                continue;
            }

            part.Append(word[i]);
            if (word[i] == '-' && IsBreakableHyphen(word, i))
            {
                chunks.Add(part.ToString());
                part.Clear();
            }
        }

        if (part.Length > 0)
            chunks.Add(part.ToString());
    }

    /// <summary>Two letters must stand on each side; a hyphen may stand between them.</summary>
    private static bool IsBreakableHyphen(string word, int at) => HasTwoLetters(word, at, -1) && HasTwoLetters(word, at, 1);

    private static bool HasTwoLetters(string word, int at, int step)
    {
        return IsLetterAt(at + step) && (IsLetterAt(at + 2 * step) || (IsAt(at + 2 * step, '-') && IsLetterAt(at + 3 * step)));

        bool IsLetterAt(int index) => index >= 0 && index < word.Length && IsLetter(word[index]);
        bool IsAt(int index, char c) => index >= 0 && index < word.Length && word[index] == c;
    }

    private static bool IsLetter(char c) => char.IsLetter(c) || c == '_';

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsBeforeDash(char c) => IsWordCharacter(c) || "!\"'&.,?".Contains(c, StringComparison.Ordinal);
}
