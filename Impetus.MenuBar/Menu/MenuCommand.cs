namespace Impetus.MenuBar.Menu;

/// <summary>What a menu item does when it is chosen: one of the records below and nothing else.</summary>
internal abstract record MenuCommand
{
    private MenuCommand()
    {
    }

    internal sealed record StartServer : MenuCommand;

    internal sealed record StopServer : MenuCommand;

    /// <summary>Ends the requests that a stopping server still waits for.</summary>
    internal sealed record HurryStop : MenuCommand;

    /// <summary>Starts on any port that is free, for this run.</summary>
    internal sealed record StartOnFreePort : MenuCommand;

    /// <summary>Lets this model answer from now on: the requests of the others may finish, and their memory is back before it is loaded.</summary>
    internal sealed record SwitchModel(string Id) : MenuCommand;

    /// <summary>Gives the way to another model up: the one before answers again.</summary>
    internal sealed record CancelSwitch : MenuCommand;

    /// <summary>Cuts off the requests that a model still finishes before another one is loaded.</summary>
    internal sealed record HurrySwitch : MenuCommand;

    /// <summary>Gives a model's memory back, or forgets that it could not be loaded; the next request loads it again.</summary>
    internal sealed record UnloadModel(string Id) : MenuCommand;

    internal sealed record SetMode(PerformanceMode Mode) : MenuCommand;

    internal sealed record CopyAddress : MenuCommand;

    internal sealed record CopyKey : MenuCommand;

    /// <summary>Copies what connects a program: the snippet is made when it is copied, so that no menu holds a key.</summary>
    internal sealed record CopySnippet(ConnectedApp App) : MenuCommand;

    internal sealed record OpenDashboard : MenuCommand;

    internal sealed record OpenApiDocumentation : MenuCommand;

    internal sealed record AddDocuments : MenuCommand;

    internal sealed record CancelIngestion : MenuCommand;

    internal sealed record RevealDocument(string Path) : MenuCommand;

    internal sealed record OpenLibraryFolder : MenuCommand;

    /// <summary>Follows a folder no longer; its documents stay.</summary>
    internal sealed record ForgetFolder(string Path) : MenuCommand;

    /// <summary>Shows the window for questions, with one written in or with none.</summary>
    internal sealed record AskQuestion(string Question = "") : MenuCommand;

    /// <summary>Takes over what the first Impetus left behind.</summary>
    internal sealed record ImportV1 : MenuCommand;

    internal sealed record LookForUpdates : MenuCommand;

    /// <summary>Opens the download of the newer version in the browser.</summary>
    internal sealed record DownloadUpdate : MenuCommand;

    internal sealed record OpenDataFolder : MenuCommand;

    internal sealed record ShowLog : MenuCommand;

    internal sealed record AcknowledgeCrash : MenuCommand;

    /// <summary>Measures how fast the chosen model is.</summary>
    internal sealed record RunBenchmark : MenuCommand;

    internal sealed record CancelBenchmark : MenuCommand;

    internal sealed record ShowPreferences : MenuCommand;

    internal sealed record ShowWelcome : MenuCommand;

    internal sealed record ShowAbout : MenuCommand;

    internal sealed record Quit : MenuCommand;
}
