using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>A dense layer after pooling, in a folder of its own (sentence-transformers' Dense module).</summary>
internal sealed class DenseModule : IDisposable
{
    private readonly ModelWeights _weights;
    private readonly LinearWeight _linear;
    private readonly Activation? _activation;

    /// <param name="folder">With <c>config.json</c> and <c>model.safetensors</c>.</param>
    /// <param name="inFeatures">The width of what comes in.</param>
    /// <param name="backend">Where it is computed.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or asks for what we do not compute.</exception>
    public DenseModule(string folder, int inFeatures, IBackend backend)
    {
        var config = ConfigReader.OpenFolder(folder);
        config.Require("in_features", $"{inFeatures}");
        config.Require("module_input_name", "sentence_embedding");
        config.Require("module_output_name", "sentence_embedding");
        OutFeatures = config.Positive("out_features");
        _activation = ReadActivation(config);
        using var checkpoint = Checkpoint.Open(folder, config);
        _weights = new ModelWeights(checkpoint, backend);
        try
        {
            _linear = _weights.Linear("linear", inFeatures, OutFeatures, config.Flag("bias") ?? true);
        }
        catch
        {
            _weights.Dispose();
            throw;
        }
    }

    public int OutFeatures { get; }

    /// <summary>(S, in) to (S, out).</summary>
    public Tensor Forward(Tensor x)
    {
        x = _weights.Backend.Project(x, _linear);
        return _activation is { } activation ? _weights.Backend.Activate(x, activation) : x;
    }

    public void Dispose() => _weights.Dispose();

    private static Activation? ReadActivation(ConfigReader config)
    {
        string name = config.Text("activation_function") ?? "Tanh";
        return name[(name.LastIndexOf('.') + 1)..] switch
        {
            "Identity" => null,
            "Tanh" => Activation.Tanh,
            "GELU" => Activation.Gelu,
            "ReLU" => Activation.Relu,
            "SiLU" => Activation.Silu,
            _ => throw config.Refuse("activation_function", "supported: Identity, Tanh, GELU, ReLU, SiLU"),
        };
    }
}
