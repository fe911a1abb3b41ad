namespace Impetus.Server.Management;

/// <summary>How the requests of a model ended that was unloaded.</summary>
public enum UnloadEnd
{
    /// <summary>It was not in memory.</summary>
    NotLoaded,

    /// <summary>It had none.</summary>
    Idle,

    /// <summary>All could finish.</summary>
    Drained,

    /// <summary>Some were ended with an error, or it was still being loaded.</summary>
    Cancelled,
}

/// <summary>What became of a model that was to be unloaded.</summary>
/// <param name="Model">Its id.</param>
/// <param name="End">How its requests ended.</param>
/// <param name="Cancelled">How many were ended with an error.</param>
public sealed record Unloading(string Model, UnloadEnd End, int Cancelled = 0);
