using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Impetus.Server.OpenAi;

/// <summary>Embeddings, in the order of the inputs.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">One for each input.</param>
/// <param name="Model">The model that made them.</param>
/// <param name="Usage">Real tokens.</param>
/// <param name="Truncated">Which inputs were cut; absent if none was.</param>
internal sealed record EmbeddingList(
    string Object,
    IReadOnlyList<EmbeddingObject> Data,
    string Model,
    EmbeddingUsage Usage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Truncated);

/// <summary>One embedding.</summary>
/// <param name="Object">Always <c>embedding</c>.</param>
/// <param name="Index">Of the input.</param>
/// <param name="Embedding">The vector.</param>
internal sealed record EmbeddingObject(string Object, int Index, WireVector Embedding);

/// <param name="PromptTokens">Of all inputs, special ones included.</param>
/// <param name="TotalTokens">The same.</param>
internal sealed record EmbeddingUsage(long PromptTokens, long TotalTokens);

/// <summary>A vector as it is sent: a list of numbers, or base64 of little-endian floats.</summary>
[JsonConverter(typeof(WireVectorConverter))]
internal readonly record struct WireVector(float[] Numbers, bool Base64);

/// <summary>Writes vectors.</summary>
internal sealed class WireVectorConverter : JsonConverter<WireVector>
{
    public override void Write(Utf8JsonWriter writer, WireVector value, JsonSerializerOptions options)
    {
        if (value.Base64)
        {
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(value.Numbers));
            return;
        }

        writer.WriteStartArray();
        foreach (float number in value.Numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    public override WireVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Vectors are written, never read.");
}
