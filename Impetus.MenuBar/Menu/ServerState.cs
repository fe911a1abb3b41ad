namespace Impetus.MenuBar.Menu;

/// <summary>Where the server is in its life: one of the five records below.</summary>
internal abstract record ServerState
{
    private ServerState()
    {
    }

    internal sealed record Stopped : ServerState;

    internal sealed record Starting : ServerState;

    /// <param name="Address">Where programs reach it.</param>
    internal sealed record Running(Uri Address) : ServerState;

    /// <summary>Running requests may finish; whoever stops once more cuts them off.</summary>
    internal sealed record Stopping : ServerState;

    internal sealed record Failed(ServerFault Fault) : ServerState;
}

/// <summary>Why there is no server, and what helps.</summary>
/// <param name="Title">A few words, in the user's language.</param>
/// <param name="Detail">The whole reason, as the server told it.</param>
/// <param name="Remedies">What helps, the best first.</param>
internal sealed record ServerFault(string Title, string Detail, IReadOnlyList<Remedy> Remedies);

/// <summary>Ways out of a fault.</summary>
internal enum Remedy
{
    TryAgain,
    UseFreePort,
    ShowLog,
}
