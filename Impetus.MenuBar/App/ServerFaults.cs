using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>What went wrong with a server, as people are told it.</summary>
internal static class ServerFaults
{
    /// <summary>A server that could not start.</summary>
    public static ServerFault OfStart(Exception fault, Strings strings) => fault switch
    {
        PortTakenException taken => new(strings.PortTaken(taken.Port), taken.Message, [Remedy.TryAgain, Remedy.UseFreePort]),
        _ => new(strings.CannotStart, fault.Message, [Remedy.TryAgain, Remedy.ShowLog]),
    };

    /// <summary>A server that stopped without being asked, or badly.</summary>
    public static ServerFault OfEnd(string? detail, Strings strings) =>
        new(strings.ServerDied, detail ?? strings.ServerDied, [Remedy.TryAgain, Remedy.ShowLog]);
}
