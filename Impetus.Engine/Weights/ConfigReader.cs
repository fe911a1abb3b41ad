using System.Text.Json;

namespace Impetus.Engine.Weights;

/// <summary>
/// Typed access to a JSON object such as <c>config.json</c>. A JSON null counts as absent. A value of the wrong type, or one
/// that a model refuses, gives an error with file, key and value.
/// </summary>
public sealed class ConfigReader
{
    private const long MaxBytes = 16 << 20;

    private readonly string _source;
    private readonly JsonElement _object;

    private ConfigReader(string source, JsonElement value) => (_source, _object) = (source, value);

    /// <summary>All keys of the object.</summary>
    public IEnumerable<string> Keys => _object.EnumerateObject().Select(property => property.Name);

    /// <summary>Reads a file that holds a JSON object.</summary>
    /// <exception cref="CheckpointException">The file is missing, too large or no JSON object.</exception>
    public static ConfigReader Open(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new CheckpointException($"{path}: larger than {MaxBytes} bytes.");
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: {fault.Message}", fault);
        }
    }

    /// <summary>Reads <c>config.json</c> of a model's folder.</summary>
    /// <exception cref="CheckpointException">It is missing or no JSON object.</exception>
    public static ConfigReader OpenFolder(string folder) => Open(Path.Combine(folder, "config.json"));

    /// <summary>Reads an object from memory.</summary>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="CheckpointException">It is no JSON object.</exception>
    public static ConfigReader Parse(string source, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigReader(source, document.RootElement.Clone())
                : throw new CheckpointException($"{source}: not a JSON object.");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException($"{source}: {fault.Message}", fault);
        }
    }

    /// <summary>The value as it stands; null if absent.</summary>
    public JsonElement? Element(string key) =>
        _object.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>An object inside the object; null if absent.</summary>
    public ConfigReader? Section(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new ConfigReader($"{_source}: {key}", value),
        _ => throw Refuse(key, "an object is expected"),
    };

    /// <summary>A text; null if absent.</summary>
    public string? Text(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Refuse(key, "a text is expected"),
    };

    /// <summary>A whole number; null if absent.</summary>
    public int? Integer(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) => number,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) && number == (int)number => (int)number,
        _ => throw Refuse(key, "a whole number is expected"),
    };

    /// <summary>A number; null if absent.</summary>
    public double? Number(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value => value.GetDouble(),
        _ => throw Refuse(key, "a number is expected"),
    };

    /// <summary>True or false; null if absent.</summary>
    public bool? Flag(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Refuse(key, "true or false is expected"),
    };

    /// <summary>Whole numbers given as one or as a list; empty if absent.</summary>
    public IReadOnlyList<int> Integers(string key) => Element(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Number } => [Integer(key)!.Value],
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.TryGetInt32(out _)) =>
            [.. value.EnumerateArray().Select(item => item.GetInt32())],
        _ => throw Refuse(key, "whole numbers are expected"),
    };

    /// <summary>A list of numbers; null if absent.</summary>
    public IReadOnlyList<double>? Numbers(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
            [.. value.EnumerateArray().Select(item => item.GetDouble())],
        _ => throw Refuse(key, "a list of numbers is expected"),
    };

    /// <summary>A list of texts; null if absent.</summary>
    public IReadOnlyList<string>? Texts(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw Refuse(key, "a list of texts is expected"),
    };

    /// <summary>A positive whole number that must be there.</summary>
    public int Positive(string key) => Integer(key) switch
    {
        null => throw Missing(key),
        int number when number > 0 => number,
        _ => throw Refuse(key, "a positive number is expected"),
    };

    /// <summary>A positive whole number, or another when it is absent.</summary>
    public int Positive(string key, int otherwise) => Element(key) is null ? otherwise : Positive(key);

    /// <summary>Refuses a value unless it is absent or one of those that the model computes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="known">Values that are computed.</param>
    /// <exception cref="CheckpointException">It is another.</exception>
    public void Require(string key, params ReadOnlySpan<string> known)
    {
        if (Element(key) is not { } value)
            return;
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        foreach (string one in known)
        {
            if (text == one)
                return;
        }

        throw Refuse(key, $"supported: {string.Join(", ", known.ToArray())}");
    }

    /// <summary>An error about the value of a key, to be thrown.</summary>
    public CheckpointException Refuse(string key, string why)
    {
        string value = Element(key)?.GetRawText() ?? "null";
        return new CheckpointException($"{_source}: {key} = {(value.Length > 200 ? value[..200] + "…" : value)}: {why}.");
    }

    private CheckpointException Missing(string key) => new($"{_source}: {key} is missing.");
}
