namespace Impetus.Engine.Backends;

/// <summary>Which engine computes.</summary>
public enum BackendChoice
{
    /// <summary>MLX on Apple silicon when it loads, else the CPU.</summary>
    Auto,

    /// <summary>MLX, or an error that says why it cannot be.</summary>
    Mlx,

    /// <summary>The portable engine.</summary>
    Cpu,
}
