using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Models;

/// <summary>Reads an activation's name as <c>config.json</c> spells it.</summary>
internal static class ActivationConfig
{
    /// <summary>The activation under <paramref name="key"/>, or the usual one if the key is absent.</summary>
    /// <exception cref="CheckpointException">It is one that we do not compute.</exception>
    public static Activation Read(ConfigReader config, string key, string usual = "silu") => (config.Text(key) ?? usual) switch
    {
        "silu" or "swish" => Activation.Silu,
        "gelu" => Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
        "relu" => Activation.Relu,
        "relu2" => Activation.ReluSquared,
        "tanh" => Activation.Tanh,
        _ => throw config.Refuse(key, "supported: silu, gelu, gelu_new, gelu_pytorch_tanh, relu, relu2, tanh"),
    };
}
