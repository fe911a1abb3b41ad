namespace Impetus.Engine.Backends;

/// <summary>What is computed.</summary>
public enum ComputeTask
{
    /// <summary>Answers, token by token.</summary>
    Generation,

    /// <summary>Vectors of texts.</summary>
    Embedding,

    /// <summary>Scores of pairs of texts.</summary>
    Reranking,
}

/// <summary>What computes.</summary>
public enum ComputeDevice
{
    /// <summary>Our own kernels on the processor's cores.</summary>
    Cpu,

    /// <summary>MLX on the processor's cores: a check of correctness, and slow.</summary>
    MlxCpu,

    /// <summary>MLX on Apple's GPU.</summary>
    Metal,

    /// <summary>Apple's neural engine, through Core ML.</summary>
    NeuralEngine,
}

/// <summary>Which device does a task, and why.</summary>
/// <param name="Task">The task.</param>
/// <param name="Device">The device.</param>
/// <param name="Built">Whether it is there. A route that is not built is never taken.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record ComputeRoute(ComputeTask Task, ComputeDevice Device, bool Built, string Reason);
