namespace Impetus.Server.Management;

/// <summary>Where a model is on its way into memory and out of it.</summary>
public enum ResidentState
{
    /// <summary>Its weights are being read.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>Its last requests end; then its memory is given back.</summary>
    Unloading,

    /// <summary>It could not be loaded, or its engine failed again at the same input; <see cref="ResidentModel.Fault"/> says why.</summary>
    Failed,

    /// <summary>Its memory was given back. Only <see cref="ModelHost.Changed"/> tells it.</summary>
    Unloaded,
}

/// <summary>A model in memory, as it is at one moment.</summary>
/// <param name="Id">Such as <c>HuggingFaceTB/SmolLM2-135M-Instruct</c>.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="State">Where it is on its way.</param>
public sealed record ResidentModel(string Id, ModelKind Kind, ResidentState State)
{
    /// <summary>Bytes of its weights in memory; while it is loading, of those that are there already.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of its weights on disk, which <see cref="Bytes"/> grows to within a few percent; 0 if not known.</summary>
    public long TotalBytes { get; init; }

    /// <summary>How far loading is, 0 to 1.</summary>
    public double Progress => State != ResidentState.Loading ? 1 : TotalBytes > 0 ? Math.Min(1, (double)Bytes / TotalBytes) : 0;

    /// <summary>Requests that use it now.</summary>
    public int InFlight { get; init; }

    /// <summary>When a request last began or ended to use it.</summary>
    public DateTimeOffset LastUsed { get; init; }

    /// <summary>When it is unloaded if nobody uses it; null: not by the clock, or it is in use.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it stays until somebody unloads it by name.</summary>
    public bool Pinned { get; init; }

    /// <summary>The engine that it lives in: <c>cpu</c> or <c>mlx</c>; empty while that is not known.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Why it could not be loaded.</summary>
    public string? Fault { get; init; }

    /// <summary>The same as a request is told it: <c>out_of_memory</c>, <c>model_load_failed</c> or <c>model_failed</c>.</summary>
    public string? FaultCode { get; init; }
}
