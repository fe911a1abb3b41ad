using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>The members of a line: null where they are absent or null, an error that names them where they are something else.</summary>
internal static class JsonLineFields
{
    /// <summary>A member that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text.</summary>
    public static string? Text(this JsonElement line, string name) => line.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => Decoded(value, name),
        _ => throw new JsonLineException($"{name} must be a text."),
    };

    /// <summary>A list of texts.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement line, string name) => line.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => Decoded(item, name))],
        _ => throw new JsonLineException($"{name} must be a list of texts."),
    };

    /// <summary>True or false.</summary>
    public static bool? Flag(this JsonElement line, string name) => line.Member(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new JsonLineException($"{name} must be true or false."),
    };

    /// <summary>A whole number that is not below a bound.</summary>
    public static int? Count(this JsonElement line, string name, int least) => line.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) && number >= least => number,
        _ => throw new JsonLineException($"{name} must be a whole number of at least {least}."),
    };

    /// <summary>A list of token ids.</summary>
    public static IReadOnlyList<int>? Ids(this JsonElement line, string name)
    {
        if (line.Member(name) is not { } list)
            return null;
        var ids = new List<int>();
        foreach (var item in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw NotIds())
            ids.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id) && id >= 0 ? id : throw NotIds());
        return ids;

        JsonLineException NotIds() => new($"{name} must be a list of token ids, which are whole numbers from 0.");
    }

    private static string Decoded(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new JsonLineException($"{name} is not Unicode text: it holds half of a surrogate pair, or bytes that are not UTF-8.", fault);
        }
    }
}
