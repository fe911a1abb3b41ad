using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Impetus.Benchmarks;

/// <summary>
/// A BERT on ONNX Runtime, in f32, from the numbers of our own checkpoint. The graph uses ONNX Runtime's fused operations for
/// attention, norm and activation, which is what its own optimiser makes of an exported model.
/// </summary>
internal sealed class OnnxBert : IDisposable
{
    private const string Fused = "com.microsoft:";

    private readonly InferenceSession _session;
    private readonly int _width;

    public OnnxBert(string folder, int threads)
    {
        var config = ConfigReader.OpenFolder(folder);
        var sizes = BertConfig.Read(config);
        using var checkpoint = Checkpoint.Open(folder, config);
        _width = sizes.Width;
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        // Its threads go on spinning after a call, which would slow down whoever computes next.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _session = new InferenceSession(Build(sizes, new DenseWeights(checkpoint)), options);
    }

    /// <summary>Unit vectors (B, D) of a batch of texts that all have as many tokens.</summary>
    public float[] Run(long[] ids, int length)
    {
        var input = new DenseTensor<long>(ids, [ids.Length / length, length]);
        using var results = _session.Run([NamedOnnxValue.CreateFromTensor("ids", input)]);
        float[] vectors = results[0].AsEnumerable<float>().ToArray();
        for (int row = 0; row < vectors.Length; row += _width)
        {
            var vector = vectors.AsSpan(row, _width);
            System.Numerics.Tensors.TensorPrimitives.Divide(vector, System.Numerics.Tensors.TensorPrimitives.Norm<float>(vector), vector);
        }

        return vectors;
    }

    public void Dispose() => _session.Dispose();

    private static byte[] Build(BertConfig sizes, DenseWeights weights)
    {
        using var graph = new OnnxGraph();
        string ids = graph.Input("ids", "batch", "length");
        string words = graph.Constant("words", weights.Matrix("embeddings.word_embeddings"), sizes.VocabularySize, sizes.Width);
        // All tokens are of type 0, whose row goes into the positions once.
        float[] places = weights.Matrix("embeddings.position_embeddings"), types = weights.Matrix("embeddings.token_type_embeddings");
        for (int i = 0; i < places.Length; i++)
            places[i] += types[i % sizes.Width];
        string positions = graph.Constant("positions", places, sizes.Positions, sizes.Width);
        string length = graph.Node("Slice", [graph.Node("Shape", [ids]), graph.Constant("one", [1L]), graph.Constant("two", [2L])]);
        string used = graph.Node("Slice", [positions, graph.Constant("zero", [0L]), length, graph.Constant("axis", [0L])]);
        string x = Norm(graph.Node("Add", [graph.Node("Gather", [words, ids]), used]), "embeddings.LayerNorm");
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            string name = $"encoder.layer.{layer}.";
            string attended = graph.Node(Fused + "Attention", [x, Fuse(name), FuseBias(name)], ("num_heads", sizes.Heads));
            string output = graph.Node("MatMul", [attended, Transposed(name + "attention.output.dense", sizes.Width, sizes.Width)]);
            x = SkipNorm(output, x, name + "attention.output.LayerNorm", name + "attention.output.dense.bias");
            string hidden = graph.Node("MatMul", [x, Transposed(name + "intermediate.dense", sizes.MlpWidth, sizes.Width)]);
            hidden = graph.Node(Fused + "BiasGelu", [hidden, Vector(name + "intermediate.dense.bias")]);
            output = graph.Node("MatMul", [hidden, Transposed(name + "output.dense", sizes.Width, sizes.MlpWidth)]);
            x = SkipNorm(output, x, name + "output.LayerNorm", name + "output.dense.bias");
        }

        string pooled = graph.Node("ReduceMean", [x], ("axes", new long[] { 1 }), ("keepdims", 0));
        graph.Output(pooled, "batch", "width");
        return graph.ToArray();

        string Vector(string name) => graph.Constant(name, weights.Vector(name), weights.Vector(name).Length);

        string Norm(string input, string name) =>
            graph.Node("LayerNormalization", [input, Vector(name + ".weight"), Vector(name + ".bias")], ("epsilon", sizes.NormEpsilon), ("axis", -1));

        string SkipNorm(string input, string skip, string name, string bias) => graph.Node(
            Fused + "SkipLayerNormalization", [input, skip, Vector(name + ".weight"), Vector(name + ".bias"), Vector(bias)], ("epsilon", sizes.NormEpsilon));

        string Transposed(string name, int rows, int columns) =>
            graph.Constant(name + ".weight", DenseWeights.Transpose(weights.Matrix(name), rows, columns), columns, rows);

        string Fuse(string layer)
        {
            float[] rows = [.. Parts(layer).SelectMany(weights.Matrix)];
            return graph.Constant(layer + "qkv", DenseWeights.Transpose(rows, 3 * sizes.Width, sizes.Width), sizes.Width, 3 * sizes.Width);
        }

        string FuseBias(string layer) => graph.Constant(layer + "qkv.bias", [.. Parts(layer).SelectMany(part => weights.Vector(part + ".bias"))], 3 * sizes.Width);

        static string[] Parts(string layer) => [layer + "attention.self.query", layer + "attention.self.key", layer + "attention.self.value"];
    }

    /// <summary>A checkpoint's weights as plain floats.</summary>
    private sealed class DenseWeights(Checkpoint checkpoint)
    {
        public float[] Matrix(string name)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
            var stored = checkpoint.Linear(name);
            using var table = backend.LoadEmbedding(stored);
            using var batch = backend.Begin([new BatchRow(stored.OutFeatures)], [.. Enumerable.Range(0, stored.OutFeatures)]);
            using var scope = backend.Scope();
            var numbers = new float[(long)stored.OutFeatures * stored.InFeatures];
            backend.Read(backend.Embed(table, batch), numbers);
            return numbers;
        }

        public float[] Vector(string name)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
            var tensor = backend.LoadTensor(checkpoint.Get(name));
            var numbers = new float[tensor.Shape.Count];
            backend.Read(tensor, numbers);
            return numbers;
        }

        public static float[] Transpose(float[] matrix, int rows, int columns)
        {
            var transposed = new float[matrix.Length];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                    transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }

            return transposed;
        }
    }
}
