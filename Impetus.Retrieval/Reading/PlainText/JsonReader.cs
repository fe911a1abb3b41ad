using System.Text;
using System.Text.Json;

namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>
/// JSON and JSON Lines as people would write their content down: one <c>name: value</c> a line, indented as it is nested; each member of the
/// top level, and each line of JSON Lines, is a block. What is no JSON is kept as plain text, with a warning.
/// </summary>
internal static class JsonReader
{
    private const string Item = "-";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 256 };

    public static void Read(SourceFile file, DocumentBuilder document)
    {
        string text = TextDecoder.DecodeInto(document, file.Bytes);
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, Lenient);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                foreach (JsonProperty property in json.RootElement.EnumerateObject())
                    document.Record(Lines(property.Name, property.Value, file.Budget));
            else if (json.RootElement.ValueKind == JsonValueKind.Array)
                foreach (JsonElement item in json.RootElement.EnumerateArray())
                    document.Record(Lines(null, item, file.Budget));
            else
                document.Record(Lines(null, json.RootElement, file.Budget));
        }
        catch (JsonException fault)
        {
            document.Warn("invalid_json", $"This file is not valid JSON ({Place(fault)}); it was read as plain text.");
            document.Plain(text);
        }
    }

    public static void ReadLines(SourceFile file, DocumentBuilder document)
    {
        string text = TextDecoder.DecodeInto(document, file.Bytes);
        int rows = 0, invalid = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                continue;
            rows++;
            string record = line.ToString();
            try
            {
                using JsonDocument json = JsonDocument.Parse(record, Lenient);
                document.Record(Lines(null, json.RootElement, file.Budget));
            }
            catch (JsonException)
            {
                invalid++;
                document.Record(record);
            }
        }
        document.Rows = rows;
        if (invalid > 0)
            document.Warn("invalid_json", $"{invalid} of {rows} lines are not valid JSON; they were read as plain text.");
    }

    private static string Place(JsonException fault) => $"line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}";

    private static string Lines(string? name, JsonElement value, ReadingBudget budget)
    {
        StringBuilder lines = new();
        Write(lines, 0, name is null ? "" : name + ":", value, budget);
        return lines.ToString();
    }

    private static void Write(StringBuilder lines, int indent, string label, JsonElement value, ReadingBudget budget)
    {
        budget.CheckCharacters(lines.Length);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array:
                int start = lines.Length;
                int inner = Open(lines, indent, label);
                if (value.ValueKind == JsonValueKind.Object)
                    foreach (JsonProperty property in value.EnumerateObject())
                        Write(lines, inner, property.Name + ":", property.Value, budget);
                else
                    foreach (JsonElement item in value.EnumerateArray())
                        Write(lines, inner, Item, item, budget);
                if (label == Item && lines.Length > start)
                    lines[(start == 0 ? 0 : start + 1) + indent] = '-';
                break;
            case JsonValueKind.Null:
                break;
            default:
                Line(lines, indent, label, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
                break;
        }
    }

    private static int Open(StringBuilder lines, int indent, string label)
    {
        if (label.Length == 0)
            return indent;
        // The sign of an item stands before its first member.
        if (label != Item)
            Line(lines, indent, label, "");
        return indent + 2;
    }

    private static void Line(StringBuilder lines, int indent, string label, string text)
    {
        if (lines.Length > 0)
            lines.Append('\n');
        lines.Append(' ', indent).Append(label).Append(label.Length > 0 && text.Length > 0 ? " " : "").Append(text);
    }
}
