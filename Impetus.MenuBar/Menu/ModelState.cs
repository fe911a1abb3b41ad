namespace Impetus.MenuBar.Menu;

/// <summary>An installed model.</summary>
/// <param name="Id"><c>org/name</c>.</param>
/// <param name="SizeBytes">Of its files.</param>
/// <param name="Fit">Whether it can be loaded on this machine.</param>
/// <param name="Activity">What is going on with it.</param>
internal sealed record ModelState(string Id, long SizeBytes, ModelFit Fit, ModelActivity Activity)
{
    /// <summary>Whether it is the one that the user has chosen; others are in memory because requests named them.</summary>
    public bool Chosen { get; init; }

    /// <summary>The id without its owner.</summary>
    public string Name => NameOf(Id);

    /// <summary>An id without its owner.</summary>
    public static string NameOf(string id) => id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>The way from one model to another, which the user asked for.</summary>
/// <param name="To">The id of the one that is to answer.</param>
/// <param name="Back">The id of the one that answers again if the way is given up; null for none.</param>
internal sealed record ModelSwitch(string To, string? Back);

/// <summary>Whether a model fits in memory.</summary>
/// <param name="NeededBytes">What it takes to run.</param>
/// <param name="UsableBytes">What this machine can give.</param>
internal readonly record struct ModelFit(long NeededBytes, long UsableBytes)
{
    public bool Fits => NeededBytes <= UsableBytes;
}

/// <summary>What is going on with a model: one of the records below.</summary>
internal abstract record ModelActivity
{
    private ModelActivity()
    {
    }

    /// <summary>It lies on disk.</summary>
    internal sealed record Idle : ModelActivity;

    /// <param name="DoneBytes">How much of it is in memory.</param>
    /// <param name="TotalBytes">How much will be; 0 if nobody knows yet.</param>
    internal sealed record Loading(long DoneBytes, long TotalBytes) : ModelActivity
    {
        /// <summary>0 to 1; null if nobody knows.</summary>
        public double? Progress => TotalBytes > 0 ? Math.Min(1, (double)DoneBytes / TotalBytes) : null;
    }

    /// <summary>It answers.</summary>
    internal sealed record Ready : ModelActivity;

    /// <summary>It goes out of memory.</summary>
    /// <param name="Requests">Those that may still finish.</param>
    internal sealed record Leaving(int Requests) : ModelActivity;

    /// <param name="Reason">What went wrong, as the server told it.</param>
    internal sealed record Failed(string Reason) : ModelActivity;
}
