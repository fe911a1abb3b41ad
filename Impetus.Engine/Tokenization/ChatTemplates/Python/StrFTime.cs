using System.Globalization;
using System.Text;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>
/// Python's <c>datetime.strftime</c> of a time without zone, in the C locale, with the GNU C library's flags
/// <c>-</c> (no padding), <c>_</c> (blanks), <c>0</c> (zeros), <c>^</c> (capitals) and <c>#</c> (other case).
/// </summary>
internal static class StrFTime
{
    /// <summary>Formats a time; what is no directive stays as it is.</summary>
    public static string Format(DateTime time, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            int start = i++;
            char flag = '\0';
            while (i < format.Length && format[i] is '-' or '_' or '0' or '^' or '#')
                flag = format[i++];
            int width = 0;
            while (i < format.Length && char.IsAsciiDigit(format[i]) && width < 100)
                width = width * 10 + (format[i++] - '0');
            string? part = i < format.Length ? Directive(time, format[i], flag) : null;
            if (part is null)
                text.Append(format[start..Math.Min(i + 1, format.Length)]);
            else
                text.Append(part.PadLeft(width, part.Length > 0 && char.IsAsciiDigit(part[0]) && flag != '_' ? '0' : ' '));
        }

        return text.ToString();
    }

    private static string? Directive(DateTime time, char directive, char flag) => directive switch
    {
        'a' => Word(time.ToString("ddd", CultureInfo.InvariantCulture), flag),
        'A' => Word(time.ToString("dddd", CultureInfo.InvariantCulture), flag),
        'b' or 'h' => Word(time.ToString("MMM", CultureInfo.InvariantCulture), flag),
        'B' => Word(time.ToString("MMMM", CultureInfo.InvariantCulture), flag),
        'c' => Format(time, "%a %b %e %H:%M:%S %Y"),
        'C' => Number(time.Year / 100, 2, '0', flag),
        'd' => Number(time.Day, 2, '0', flag),
        'D' or 'x' => Format(time, "%m/%d/%y"),
        'e' => Number(time.Day, 2, ' ', flag),
        'f' => (time.Ticks % TimeSpan.TicksPerSecond / 10).ToString("D6", CultureInfo.InvariantCulture),
        'F' => Format(time, "%Y-%m-%d"),
        'g' => Number(ISOWeek.GetYear(time) % 100, 2, '0', flag),
        'G' => Number(ISOWeek.GetYear(time), 4, '0', flag),
        'H' => Number(time.Hour, 2, '0', flag),
        'I' => Number((time.Hour + 11) % 12 + 1, 2, '0', flag),
        'j' => Number(time.DayOfYear, 3, '0', flag),
        'k' => Number(time.Hour, 2, ' ', flag),
        'l' => Number((time.Hour + 11) % 12 + 1, 2, ' ', flag),
        'm' => Number(time.Month, 2, '0', flag),
        'M' => Number(time.Minute, 2, '0', flag),
        'n' => "\n",
        'p' => flag == '#' ? (time.Hour < 12 ? "am" : "pm") : time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Format(time, "%I:%M:%S %p"),
        'R' => Format(time, "%H:%M"),
        's' => new DateTimeOffset(time).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Number(time.Second, 2, '0', flag),
        't' => "\t",
        'T' or 'X' => Format(time, "%H:%M:%S"),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2, '0', flag),
        'V' => Number(ISOWeek.GetWeekOfYear(time), 2, '0', flag),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'W' => Number((time.DayOfYear + 6 - ((int)time.DayOfWeek + 6) % 7) / 7, 2, '0', flag),
        'y' => Number(time.Year % 100, 2, '0', flag),
        'Y' => Number(time.Year, flag == '\0' ? 1 : 4, '0', flag),
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static string Word(string word, char flag) => flag is '^' or '#' ? word.ToUpperInvariant() : word;

    private static string Number(int value, int width, char padding, char flag)
    {
        string digits = value.ToString(CultureInfo.InvariantCulture);
        char pad = flag switch { '_' => ' ', '0' => '0', _ => padding };
        return flag == '-' ? digits : digits.PadLeft(width, pad);
    }
}
