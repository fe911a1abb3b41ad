using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Impetus.Retrieval.Reading.Office;

/// <summary>
/// What a stored number means by its number format (ECMA-376 part 1, 18.8.30): a date, a time, a duration, a percentage or a plain number. Dates are
/// days since the end of 1899, in which Lotus saw a 29 February 1900, or since 1904.
/// </summary>
internal sealed class CellFormats
{
    private const double LotusLeapDay = 60;
    private const double DaysBefore1904 = 1462;
    private const double LastDay = 2_958_466;

    private readonly List<string> _formats = [];
    private readonly bool _from1904;

    public CellFormats(XElement? styles, bool from1904)
    {
        _from1904 = from1904;
        Dictionary<string, string> codes = new(StringComparer.Ordinal);
        foreach (XElement format in styles?.Child("numFmts")?.Elements() ?? [])
            if (format.Get("numFmtId") is { } id)
                codes[id] = format.Get("formatCode") ?? "";
        foreach (XElement cell in styles?.Child("cellXfs")?.Elements() ?? [])
        {
            string id = cell.Get("numFmtId") ?? "0";
            _formats.Add(codes.TryGetValue(id, out string? code) ? code : BuiltIn(id));
        }
    }

    public string Display(string value, string? style)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return value;
        string format = int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < _formats.Count ? _formats[index] : "";
        string letters = Letters(format);
        if (letters.Contains('%', StringComparison.Ordinal))
            return Percentage(number, letters);
        if (letters.Contains("[h", StringComparison.Ordinal) || letters.Contains("[m", StringComparison.Ordinal) || letters.Contains("[s", StringComparison.Ordinal))
            return Duration(number);
        bool date = letters.AsSpan().IndexOfAny("dye") >= 0 || letters.Contains("mmm", StringComparison.Ordinal);
        bool time = letters.AsSpan().IndexOfAny("hs") >= 0;
        if ((date || time || letters.Contains('m', StringComparison.Ordinal)) && number >= 0 && number < LastDay)
            return Moment(number, date || !time);
        return Plain(number);
    }

    private string Moment(double serial, bool hasDate)
    {
        if (_from1904)
            serial += DaysBefore1904;
        else if (serial < LotusLeapDay)
            serial++;
        DateTime moment = DateTime.FromOADate(Math.Round(serial * 86400) / 86400);
        string clock = moment.Second == 0 ? "HH:mm" : "HH:mm:ss";
        if (!hasDate)
            return moment.ToString(clock, CultureInfo.InvariantCulture);
        return moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'" + clock, CultureInfo.InvariantCulture);
    }

    private static string Duration(double days)
    {
        long seconds = (long)Math.Round(Math.Clamp(days, -1e9, 1e9) * 86400);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{Math.Abs(seconds / 60 % 60):00}:{Math.Abs(seconds % 60):00}");
    }

    private static string Percentage(double number, string format)
    {
        int point = format.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : format[(point + 1)..].TakeWhile(c => c is '0' or '#').Count();
        return (number * 100).ToString("F" + Math.Min(decimals, 15), CultureInfo.InvariantCulture) + "%";
    }

    // Fifteen digits are what spreadsheets calculate with: 0.1 + 0.2 is 0.3 there.
    private static string Plain(double number)
    {
        string text = number.ToString("G15", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) && Math.Abs(number) < 1e15 ? ((decimal)number).ToString(CultureInfo.InvariantCulture) : text;
    }

    // The letters that mean something: without quoted text, escaped characters, colours, conditions and the sections for negative numbers.
    private static string Letters(string format)
    {
        if (format.Length == 0 || format.Equals("General", StringComparison.OrdinalIgnoreCase))
            return "";
        StringBuilder letters = new();
        for (int i = 0; i < format.Length && format[i] != ';'; i++)
        {
            char c = format[i];
            int close;
            if (c is '\\' or '_' or '*')
                i++;
            else if (c == '"')
                i = (close = format.IndexOf('"', i + 1)) < 0 ? format.Length : close;
            else if (c == '[' && (close = format.IndexOf(']', i)) >= 0)
            {
                string inside = format[(i + 1)..close].ToLowerInvariant();
                if (inside.Length > 0 && inside.All(x => x == inside[0]) && inside[0] is 'h' or 'm' or 's')
                    letters.Append('[').Append(inside);
                i = close;
            }
            else
                letters.Append(char.ToLowerInvariant(c));
        }
        // 1.5E+03 has an E that is no era year.
        return letters.ToString().Replace("e+", "", StringComparison.Ordinal).Replace("e-", "", StringComparison.Ordinal).Replace("general", "", StringComparison.Ordinal);
    }

    // 27 to 36 and 50 to 58 are dates and times in East Asian locales, and plain elsewhere; files do not use them otherwise.
    private static string BuiltIn(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number switch
    {
        9 => "0%",
        10 => "0.00%",
        (>= 14 and <= 17) or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => "yyyy-mm-dd",
        (>= 18 and <= 21) or (>= 32 and <= 35) or 45 or 47 or 55 or 56 => "hh:mm:ss",
        22 => "yyyy-mm-dd hh:mm",
        46 => "[h]:mm:ss",
        _ => "",
    } : "";
}
