using System.Text;

namespace Impetus.Retrieval.Reading;

/// <summary>The white space and the characters that extracted text may hold.</summary>
internal static class Prose
{
    /// <summary>One line: every run of white space is one space, none at the ends.</summary>
    public static string OneLine(string text) => Squeeze(text, keepLines: false);

    /// <summary>Lines of prose: runs of spaces are one space, line breaks stay, empty lines go.</summary>
    public static string Lines(string text) => Squeeze(text, keepLines: true);

    /// <summary>The text with equal line ends and without characters that no text should hold.</summary>
    public static string Verbatim(string text)
    {
        text = Compose(text);
        StringBuilder clean = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\r')
                clean.Append(i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n");
            else if (c is '\n' or '\t')
                clean.Append(c);
            else if (c is '\f' or '\v' or '\u0085' or '\u2028' or '\u2029')
                clean.Append('\n');
            else if (!Drop(c))
                clean.Append(c);
        }
        return clean.ToString();
    }

    /// <summary>Whether there is something to search for: a letter or a digit of any script.</summary>
    public static bool HasWords(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune))
                return true;
        return false;
    }

    private static string Squeeze(string text, bool keepLines)
    {
        text = Compose(text);
        StringBuilder clean = new(text.Length);
        bool space = false, line = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                space = true;
                line |= c is '\n' or '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029';
            }
            else if (!Drop(c))
            {
                if (space && clean.Length > 0)
                    clean.Append(keepLines && line ? '\n' : ' ');
                space = line = false;
                clean.Append(c);
            }
        }
        return clean.ToString();
    }

    // Soft hyphens are invisible, zero-width spaces and byte order marks mean nothing, other controls are debris.
    private static bool Drop(char c) => c is '\u00AD' or '\uFEFF' or '\u200B' || char.IsControl(c) || c is >= '\uFFF0' and <= '\uFFFB' or '\uFFFE' or '\uFFFF';

    // Letters with their accents in one character, as people type them; a lone surrogate cannot be normalised and is no character.
    private static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\u0300', '\uFFFF') < 0)
            return text;
        if (HasLoneSurrogate(text))
        {
            StringBuilder whole = new(text.Length);
            foreach (Rune rune in text.EnumerateRunes())
                whole.Append(rune.ToString());
            text = whole.ToString();
        }
        try
        {
            return text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Noncharacters such as U+FFFE: dropped later, one by one.
            return text;
        }
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return true;
            i++;
        }
        return false;
    }
}
