using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace Impetus.Benchmarks;

/// <summary>Writes an ONNX model, as much of the format as an encoder needs (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).</summary>
internal sealed class OnnxGraph : IDisposable
{
    private const int Float = 1, Int64 = 7;
    private const int IrVersion = 8, Opset = 17;

    private readonly MemoryStream _graph = new();
    private int _count;

    public OnnxGraph() => Write(_graph, 2, "encoder");

    /// <summary>Adds an input of 64-bit integers.</summary>
    public string Input(string name, params ReadOnlySpan<string> dims) => Value(11, name, Int64, dims);

    /// <summary>Marks a value as an output of floats.</summary>
    public void Output(string name, params ReadOnlySpan<string> dims) => Value(12, name, Float, dims);

    /// <summary>Adds a constant.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<int> dims) =>
        Constant(name, Float, MemoryMarshal.AsBytes(values), dims);

    /// <summary>Adds a constant of 64-bit integers.</summary>
    public string Constant(string name, ReadOnlySpan<long> values) => Constant(name, Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Adds an operation.</summary>
    /// <param name="type">Its type; with <c>domain:</c> before it for one that is not ONNX's own.</param>
    /// <param name="inputs">Values that go in; an empty name leaves an optional one out.</param>
    /// <param name="attributes">Whole numbers, lists of them, and floats.</param>
    /// <returns>Its first output.</returns>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = $"v{_count++}";
        using var node = new MemoryStream();
        foreach (string input in inputs)
            Write(node, 1, input);
        Write(node, 2, output);
        int colon = type.IndexOf(':', StringComparison.Ordinal);
        Write(node, 4, type[(colon + 1)..]);
        foreach (var (name, value) in attributes)
        {
            using var attribute = new MemoryStream();
            Write(attribute, 1, name);
            if (value is float number)
            {
                using (var writer = new CodedOutputStream(attribute, leaveOpen: true))
                {
                    writer.WriteTag(2, WireFormat.WireType.Fixed32);
                    writer.WriteFloat(number);
                }

                Write(attribute, 20, 1);
            }
            else if (value is long[] numbers)
            {
                foreach (long one in numbers)
                    Write(attribute, 8, one);
                Write(attribute, 20, 7);
            }
            else
            {
                Write(attribute, 3, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                Write(attribute, 20, 2);
            }

            Write(node, 5, attribute);
        }

        if (colon > 0)
            Write(node, 7, type[..colon]);
        Write(_graph, 1, node);
        return output;
    }

    public void Dispose() => _graph.Dispose();

    /// <summary>The model's bytes.</summary>
    public byte[] ToArray()
    {
        using var model = new MemoryStream();
        Write(model, 1, IrVersion);
        Write(model, 7, _graph);
        foreach (var (domain, version) in ((string, long)[])[("", Opset), ("com.microsoft", 1)])
        {
            using var set = new MemoryStream();
            Write(set, 1, domain);
            Write(set, 2, version);
            Write(model, 8, set);
        }

        return model.ToArray();
    }

    private string Constant(string name, int type, ReadOnlySpan<byte> data, ReadOnlySpan<int> dims)
    {
        using var tensor = new MemoryStream();
        foreach (int dim in dims)
            Write(tensor, 1, dim);
        Write(tensor, 2, type);
        Write(tensor, 8, name);
        Write(tensor, 9, data);
        Write(_graph, 5, tensor);
        return name;
    }

    private string Value(int field, string name, int type, ReadOnlySpan<string> dims)
    {
        using var shape = new MemoryStream();
        foreach (string dim in dims)
        {
            using var entry = new MemoryStream();
            Write(entry, 2, dim);
            Write(shape, 1, entry);
        }

        using MemoryStream tensor = new(), wrapper = new(), info = new();
        Write(tensor, 1, type);
        Write(tensor, 2, shape);
        Write(wrapper, 1, tensor);
        Write(info, 1, name);
        Write(info, 2, wrapper);
        Write(_graph, field, info);
        return name;
    }

    private static void Write(MemoryStream message, int field, long value)
    {
        using var writer = new CodedOutputStream(message, leaveOpen: true);
        writer.WriteTag(field, WireFormat.WireType.Varint);
        writer.WriteInt64(value);
    }

    private static void Write(MemoryStream message, int field, string value) => Write(message, field, Encoding.UTF8.GetBytes(value));

    private static void Write(MemoryStream message, int field, MemoryStream inner) => Write(message, field, inner.GetBuffer().AsSpan(0, (int)inner.Length));

    private static void Write(MemoryStream message, int field, ReadOnlySpan<byte> bytes)
    {
        using (var writer = new CodedOutputStream(message, leaveOpen: true))
        {
            writer.WriteTag(field, WireFormat.WireType.LengthDelimited);
            writer.WriteLength(bytes.Length);
        }

        message.Write(bytes);
    }
}
