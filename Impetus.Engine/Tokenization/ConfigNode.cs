using System.Text.Json;
using Impetus.Engine.Tokenization.Models;

namespace Impetus.Engine.Tokenization;

/// <summary>A value in a tokenizer file with its JSON path, so that each complaint can name the place and what stands there.</summary>
/// <param name="element">The value.</param>
/// <param name="path">Its path, or that of the list it stands in.</param>
/// <param name="index">Its place in the list; −1 if it stands in none. Hundreds of thousands of merges need no text each.</param>
internal readonly struct ConfigNode(JsonElement element, string path, int index = -1)
{
    private const int ShownCharacters = 60;

    public JsonElement Element { get; } = element;

    public string Path => index < 0 ? path : $"{path}[{index}]";

    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The member of that name; a node that <see cref="IsNull"/> when the key is absent.</summary>
    public ConfigNode this[string key]
    {
        get
        {
            if (Element.ValueKind != JsonValueKind.Object)
                throw Unexpected("an object");
            return new ConfigNode(Element.TryGetProperty(key, out var value) ? value : default, $"{Path}.{key}");
        }
    }

    public string Type => this["type"].String();

    public string String()
    {
        if (Element.ValueKind != JsonValueKind.String)
            throw Unexpected("a string");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault("holds half of a surrogate pair, which is no text");
        }
    }

    public string? StringOrNull() => IsNull ? null : String();

    public bool Bool(bool fallback) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => fallback,
        _ => throw Unexpected("true or false"),
    };

    /// <summary>A whole number from 0 to <paramref name="max"/>.</summary>
    public int Number(int max = int.MaxValue) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) && value >= 0 && value <= max
            ? value
            : throw Unexpected($"a whole number from 0 to {max}");

    public double Real() => Element.ValueKind == JsonValueKind.Number && SerdeNumber.Parse(Element.GetRawText()) is var value && double.IsFinite(value)
        ? value
        : throw Unexpected("a finite number");

    /// <summary>A string of exactly one character.</summary>
    public string Character()
    {
        string text = String();
        return text.EnumerateRunes().Count() == 1 ? text : throw Unexpected("a single character");
    }

    /// <summary>A part of this value, which complaints place where the whole stands.</summary>
    public ConfigNode Part(JsonElement part) => new(part, path, index);

    public IEnumerable<ConfigNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Unexpected("a list");
        return EnumerateItems(Element, Path);
    }

    public IEnumerable<(string Key, ConfigNode Value)> Members()
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw Unexpected("an object");
        return EnumerateMembers(Element, Path);
    }

    public TokenizerFormatException Fault(string what) => new($"{Path} {what}.");

    public TokenizerFormatException Unexpected(string wanted)
    {
        if (Element.ValueKind == JsonValueKind.Undefined)
            return Fault($"is missing; it should be {wanted}");
        string found = Element.GetRawText();
        return Fault($"is {(found.Length <= ShownCharacters ? found : found[..ShownCharacters] + "…")}; it should be {wanted}");
    }

    private static IEnumerable<ConfigNode> EnumerateItems(JsonElement element, string path)
    {
        int index = 0;
        foreach (var item in element.EnumerateArray())
            yield return new ConfigNode(item, path, index++);
    }

    private static IEnumerable<(string Key, ConfigNode Value)> EnumerateMembers(JsonElement element, string path)
    {
        foreach (var member in element.EnumerateObject())
        {
            string key;
            try
            {
                key = member.Name;
            }
            catch (InvalidOperationException)
            {
                throw new TokenizerFormatException($"{path} has a key with half of a surrogate pair, which is no text.");
            }
            yield return (key, new ConfigNode(member.Value, path));
        }
    }
}
