using System.Text.Json;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Weights;

/// <summary>The JSON header of a safetensors file, checked: types, shapes, ranges, overlaps, gaps, duplicate names.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The longest header that is read; the reference implementation's own limit.</summary>
    public const int MaxBytes = 100_000_000;

    private const int MaxRank = 8;

    /// <summary>One tensor: its bytes are [Begin, End) of the data after the header.</summary>
    public sealed record Entry(string Name, DType Type, IReadOnlyList<int> Shape, long Begin, long End);

    /// <summary>Parses and checks a header.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The header.</param>
    /// <param name="dataLength">Bytes after the header.</param>
    /// <exception cref="CheckpointException">A rule is broken.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            if (json[(int)reader.BytesConsumed..].IndexOfAnyExcept((byte)' ', (byte)'\n', (byte)'\0') >= 0)
                throw new CheckpointException($"{path}: the header goes on after its JSON object.");
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{path}: the header is not a JSON object.");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                    throw new CheckpointException($"{path}: tensor '{property.Name}' is described twice.");
                if (property.Name == "__metadata__")
                    ReadMetadata(path, property.Value, metadata);
                else
                    entries.Add(ReadEntry(path, property, dataLength));
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{path}: the header is not valid JSON: {fault.Message}", fault);
        }

        RequireTiling(path, entries, dataLength);
        return new SafetensorsHeader(entries, metadata);
    }

    private static void ReadMetadata(string path, JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"{path}: __metadata__ is not a JSON object.");
        foreach (var item in value.EnumerateObject())
        {
            metadata[item.Name] = item.Value.ValueKind == JsonValueKind.String
                ? item.Value.GetString()!
                : throw new CheckpointException($"{path}: __metadata__ '{item.Name}' is not a string.");
        }
    }

    private static Entry ReadEntry(string path, JsonProperty property, long dataLength)
    {
        CheckpointException Fault(string what) => new($"{path}: tensor '{property.Name}': {what}");

        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("dtype", out var dtype) || !value.TryGetProperty("shape", out var shape)
            || !value.TryGetProperty("data_offsets", out var offsets))
            throw Fault("dtype, shape or data_offsets is missing.");
        var type = dtype.ValueKind == JsonValueKind.String ? TypeOf(dtype.GetString()!) : null;
        if (type is null)
            throw Fault($"type {dtype.GetRawText()} is not one that we read (F32, F16, BF16, I32, U32, U8, I64).");
        if (shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() > MaxRank)
            throw Fault($"the shape is not a list of at most {MaxRank} extents.");

        var extents = new List<int>();
        long count = 1;
        foreach (var item in shape.EnumerateArray())
        {
            if (!item.TryGetInt32(out int extent) || extent < 0)
                throw Fault($"extent {item.GetRawText()} is not a number from 0 to {int.MaxValue}.");
            extents.Add(extent);
            if (extent != 0 && count > long.MaxValue / 8 / extent)
                throw Fault("the shape has more elements than a file can hold.");
            count *= extent;
        }

        if (offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2
            || !offsets[0].TryGetInt64(out long begin) || !offsets[1].TryGetInt64(out long end))
            throw Fault("data_offsets is not a pair of whole numbers.");
        if (begin < 0 || end < begin || end > dataLength)
            throw Fault($"bytes {begin} to {end} are not inside the {dataLength} bytes of data. The file may be cut short: download it again.");
        if (end - begin != count * type.Value.Size())
            throw Fault($"its shape needs {count * type.Value.Size()} bytes, its range has {end - begin}.");
        return new Entry(property.Name, type.Value, extents, begin, end);
    }

    private static void RequireTiling(string path, List<Entry> entries, long dataLength)
    {
        long expected = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin < expected)
                throw new CheckpointException($"{path}: tensor '{entry.Name}' overlaps the one before it at byte {entry.Begin}.");
            if (entry.Begin > expected)
                throw new CheckpointException($"{path}: {entry.Begin - expected} bytes before tensor '{entry.Name}' belong to none.");
            expected = entry.End;
        }

        if (expected != dataLength)
            throw new CheckpointException($"{path}: {dataLength - expected} bytes after the last tensor belong to none.");
    }

    private static DType? TypeOf(string name) => name switch
    {
        "F32" => DType.F32,
        "F16" => DType.F16,
        "BF16" => DType.BF16,
        "I32" => DType.I32,
        "U32" => DType.U32,
        "U8" => DType.U8,
        "I64" => DType.I64,
        _ => null,
    };
}
