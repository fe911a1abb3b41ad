using System.Globalization;
using System.Text.Json;

namespace Impetus.Server.Http;

/// <summary>A value of a request and the path at which it stands, such as <c>messages[2].content</c>.</summary>
/// <remarks>Every reader says which value was expected where, and what came instead.</remarks>
internal readonly struct RequestValue(JsonElement element, string path, IgnoredFields ignored)
{
    public JsonElement Element { get; } = element;

    /// <summary>Empty for the body itself.</summary>
    public string Path { get; } = path;

    /// <summary>Where the request's unused fields are noted.</summary>
    public IgnoredFields Ignored { get; } = ignored;

    public JsonValueKind Kind => Element.ValueKind;

    /// <summary>The members of an object, by name.</summary>
    public IEnumerable<(string Name, RequestValue Value)> Members()
    {
        if (Kind != JsonValueKind.Object)
            throw Expected("a JSON object");
        return Each(this);

        static IEnumerable<(string, RequestValue)> Each(RequestValue value)
        {
            foreach (var member in value.Element.EnumerateObject())
            {
                string name = value.NameOf(member);
                yield return (name, value.Member(name, member.Value));
            }
        }
    }

    /// <summary>The value of a member.</summary>
    public RequestValue Member(string name, JsonElement element) =>
        new(element, Path.Length == 0 ? name : $"{Path}.{name}", Ignored);

    /// <summary>A text of at most so many UTF-16 units.</summary>
    public string Text(int maxLength = int.MaxValue)
    {
        if (Kind != JsonValueKind.String)
            throw Expected("a string");
        string text;
        try
        {
            text = Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Invalid(Path, $"{Path} is not text: it holds half of a surrogate pair.");
        }

        return text.Length <= maxLength
            ? text
            : throw ApiException.Invalid(Path, $"{Path} has {text.Length} characters; at most {maxLength} are allowed.");
    }

    public bool Flag() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    public long Integer(long min, long max) =>
        Kind == JsonValueKind.Number && Element.TryGetInt64(out long value) && value >= min && value <= max
            ? value
            : throw Expected(max >= int.MaxValue ? $"an integer of {min} or more" : $"an integer from {min} to {max}");

    public double Number(Bounds bounds) =>
        Kind == JsonValueKind.Number && Element.TryGetDouble(out double value) && bounds.Contains(value)
            ? value
            : throw Expected($"a number {bounds}");

    /// <summary>The elements of an array that has at least one and at most so many.</summary>
    /// <param name="max">How many.</param>
    /// <param name="of">What they are, in the plural.</param>
    public IEnumerable<RequestValue> Items(int max, string of)
    {
        if (Kind != JsonValueKind.Array)
            throw Expected($"an array of {of}");
        int count = Element.GetArrayLength();
        if (count == 0)
            throw ApiException.Invalid(Path, $"{Path} is empty; it needs at least one element.");
        if (count > max)
            throw ApiException.Invalid(Path, $"{Path} has {count} {of}; at most {max} are allowed.");
        return Each(this);

        static IEnumerable<RequestValue> Each(RequestValue array)
        {
            int index = 0;
            foreach (var item in array.Element.EnumerateArray())
                yield return new(item, $"{array.Path}[{index++}]", array.Ignored);
        }
    }

    /// <summary>The error that says what was expected here.</summary>
    public ApiException Expected(string what) =>
        ApiException.Invalid(Path, $"{(Path.Length == 0 ? "The body" : Path)} must be {what}, not {Found()}.");

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Invalid(Path.Length == 0 ? null : Path, "A field's name holds half of a surrogate pair.");
        }
    }

    private string Found()
    {
        const int Shown = 32;
        return Kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => Element.GetRawText() is { Length: <= Shown } text ? text : "so long a number",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };
    }
}
