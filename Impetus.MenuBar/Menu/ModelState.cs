namespace Impetus.MenuBar.Menu;

/// <summary>An installed model.</summary>
/// <param name="Id"><c>org/name</c>.</param>
/// <param name="SizeBytes">Of its files.</param>
/// <param name="Fit">Whether it can be loaded on this machine.</param>
/// <param name="Activity">What is going on with it.</param>
internal sealed record ModelState(string Id, long SizeBytes, ModelFit Fit, ModelActivity Activity)
{
    /// <summary>The id without its owner.</summary>
    public string Name => Id[(Id.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

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

    /// <param name="Progress">0 to 1; null if nobody knows.</param>
    internal sealed record Loading(double? Progress) : ModelActivity;

    /// <summary>It answers.</summary>
    internal sealed record Ready : ModelActivity;

    /// <param name="Reason">What went wrong, as the server told it.</param>
    internal sealed record Failed(string Reason) : ModelActivity;
}
