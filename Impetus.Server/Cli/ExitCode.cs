namespace Impetus.Server.Cli;

/// <summary>What the `impetus` command tells scripts when it ends.</summary>
internal static class ExitCode
{
    /// <summary>It did what was asked, or was asked to stop.</summary>
    public const int Ok = 0;

    /// <summary>Something failed that we did not foresee.</summary>
    public const int Fault = 1;

    /// <summary>An option, a variable or the settings file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Another program listens on the port.</summary>
    public const int PortTaken = 3;

    /// <summary>The model cannot be loaded.</summary>
    public const int ModelFailed = 4;
}
