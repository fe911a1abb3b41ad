using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Tests;

namespace Impetus.Benchmarks;

/// <summary>
/// Writes a model that has a large one's shape and no contents: a 4-bit Llama of zeros in a sparse file, with the starter's tokenizer.
/// It takes its whole memory and its whole time, and hardly any room on the disk.
/// </summary>
internal static class HollowModel
{
    private const int Group = 64, Bits = 4, HeadWidth = 128;

    // (layers, width, inner width, key heads, vocabulary), as their makers have published them.
    private static readonly Dictionary<string, (int Layers, int Width, int Inner, int KeyHeads, int Vocabulary)> Shapes = new(StringComparer.Ordinal)
    {
        ["1b"] = (16, 2048, 8192, 4, 128256),
        ["8b"] = (32, 4096, 14336, 8, 128256),
        ["13b"] = (40, 5120, 13824, 40, 32000),
    };

    /// <summary>Writes one.</summary>
    /// <param name="args">The folder, which is made, and a shape.</param>
    public static void Write(string[] args)
    {
        string folder = Directory.CreateDirectory(args[0]).FullName;
        var (layers, width, inner, keyHeads, vocabulary) = Shapes[args[1]];
        foreach (string file in Directory.EnumerateFiles(Fixture.Model("SmolLM2-135M-Instruct")).Where(file => !Path.GetFileName(file).StartsWith("model", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        (config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"], config["head_dim"]) = (layers, width, inner, HeadWidth);
        (config["num_attention_heads"], config["num_key_value_heads"], config["vocab_size"]) = (width / HeadWidth, keyHeads, vocabulary);
        (config["max_position_embeddings"], config["tie_word_embeddings"]) = (131072, false);
        config["quantization"] = new JsonObject { ["group_size"] = Group, ["bits"] = Bits };
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());

        var header = new JsonObject();
        long length = 0;
        Quantized("model.embed_tokens", vocabulary, width);
        for (int layer = 0; layer < layers; layer++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            Quantized(prefix + "self_attn.q_proj", width, width);
            Quantized(prefix + "self_attn.k_proj", keyHeads * HeadWidth, width);
            Quantized(prefix + "self_attn.v_proj", keyHeads * HeadWidth, width);
            Quantized(prefix + "self_attn.o_proj", width, width);
            Quantized(prefix + "mlp.gate_proj", inner, width);
            Quantized(prefix + "mlp.up_proj", inner, width);
            Quantized(prefix + "mlp.down_proj", width, inner);
            Tensor(prefix + "input_layernorm.weight", "BF16", 2, width);
            Tensor(prefix + "post_attention_layernorm.weight", "BF16", 2, width);
        }

        Tensor("model.norm.weight", "BF16", 2, width);
        Quantized("lm_head", vocabulary, width);

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> prefixLength = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(prefixLength, json.Length);
        using var stream = new FileStream(Path.Combine(folder, "model.safetensors"), FileMode.Create);
        stream.Write(prefixLength);
        stream.Write(json);
        stream.SetLength(stream.Position + length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {length / 1e9:0.00} GB of weights"));

        void Quantized(string name, int rows, int columns)
        {
            Tensor(name + ".weight", "U32", 4, rows, columns * Bits / 32);
            Tensor(name + ".scales", "BF16", 2, rows, columns / Group);
            Tensor(name + ".biases", "BF16", 2, rows, columns / Group);
        }

        void Tensor(string name, string type, int bytes, params int[] shape)
        {
            long size = shape.Aggregate((long)bytes, (product, count) => product * count);
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. shape.Select(count => (JsonNode)count)]),
                ["data_offsets"] = new JsonArray(length, length + size),
            };
            length += size;
        }
    }
}
