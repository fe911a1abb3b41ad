using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>Reads JSON as Python's <c>json.loads</c> does.</summary>
internal static class JsonValues
{
    public static TemplateValue Read(JsonElement json)
    {
        StackGuard.Ensure();
        return json.ValueKind switch
        {
            JsonValueKind.Object => ReadObject(json),
            JsonValueKind.Array => new ListValue([.. json.EnumerateArray().Select(Read)]),
            JsonValueKind.String => new StringValue(ReadString(json)),
            JsonValueKind.Number => ReadNumber(json.GetRawText()),
            JsonValueKind.True => BoolValue.True,
            JsonValueKind.False => BoolValue.False,
            _ => NoneValue.Instance,
        };
    }

    /// <summary>A key that comes twice keeps its first place and its last value.</summary>
    private static DictValue ReadObject(JsonElement json)
    {
        OrderedDictionary<TemplateValue, TemplateValue> entries = [];
        foreach (JsonProperty property in json.EnumerateObject())
            entries[new StringValue(ReadName(property))] = Read(property.Value);
        return new DictValue(entries);
    }

    private static TemplateValue ReadNumber(string digits)
    {
        if (digits.AsSpan().ContainsAny('.', 'e', 'E'))
            return new FloatValue(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture));

        return digits.Length <= PythonInteger.MaxDigits
            ? new IntegerValue(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : throw PythonInteger.TooLong();
    }

    private static string ReadString(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(json.GetRawText());
        }
    }

    private static string ReadName(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            string text = property.ToString();
            return Unescape(text[..(text.Length - property.Value.GetRawText().Length)]);
        }
    }

    /// <summary>Lone surrogates, which .NET's reader refuses and Python's keeps.</summary>
    private static string Unescape(string raw)
    {
        StringBuilder text = new(raw.Length);
        for (int i = 1; raw[i] != '"'; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            text.Append(raw[i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                char c => c,
            });
            i += raw[i] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}
