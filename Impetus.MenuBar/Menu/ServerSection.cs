using static Impetus.MenuBar.Menu.MenuCommand;

namespace Impetus.MenuBar.Menu;

/// <summary>The server: where it is in its life, what can be done about it, and how to reach it.</summary>
internal static class ServerSection
{
    public static IEnumerable<MenuEntry> Build(AppState state, Strings strings)
    {
        yield return new MenuItem("server", StatusLine.Text(state, strings))
        {
            ToolTip = state.Server is ServerState.Failed failed ? failed.Fault.Detail : null,
            Symbol = Symbol(state.Server),
        };
        switch (state.Server)
        {
            case ServerState.Stopped:
                yield return new MenuItem("server.start", strings.StartServer) { Key = 's', Command = new StartServer() };
                break;
            case ServerState.Starting or ServerState.Running:
                foreach (var entry in ModelSection.Switching(state, strings))
                    yield return entry;
                yield return new MenuItem("server.stop", strings.StopServer) { Key = 's', Command = new StopServer() };
                break;
            case ServerState.Stopping:
                yield return new MenuItem("server.hurry", strings.StopNow)
                {
                    ToolTip = strings.StopNowToolTip,
                    Command = new HurryStop(),
                };
                break;
            case ServerState.Failed { Fault.Remedies: var remedies }:
                foreach (var remedy in remedies)
                    yield return Remedy(remedy, strings);
                break;
        }
    }

    /// <summary>How programs reach a running server.</summary>
    public static IEnumerable<MenuEntry> Connections(AppState state, Strings strings)
    {
        if (state.Server is not ServerState.Running)
            yield break;
        if (state.Services.HasFlag(Services.Questions))
            yield return new MenuItem("ask", strings.AskAQuestion) { Key = 'f', Symbol = "questionmark.bubble", Command = new AskQuestion() };
        yield return new MenuItem("copy.address", strings.CopyAddress) { Key = 'c', Symbol = "link", Command = new CopyAddress() };
        yield return new MenuItem("copy.key", strings.CopyKey) { Key = 'k', Symbol = "key", ToolTip = strings.CopyKeyToolTip, Command = new CopyKey() };
        yield return new MenuItem("connect", strings.ConnectAnApp)
        {
            Symbol = "app.connected.to.app.below.fill",
            Children = [.. Enum.GetValues<ConnectedApp>().Select(app => new MenuItem($"connect.{app}", Snippets.Name(app))
            {
                ToolTip = strings.SnippetToolTip(Snippets.Name(app)),
                Command = new CopySnippet(app),
            })],
        };
        if (state.Services.HasFlag(Services.Dashboard))
            yield return new MenuItem("dashboard", strings.OpenDashboard) { Key = 'd', Symbol = "gauge", Command = new OpenDashboard() };
        if (state.Services.HasFlag(Services.ApiDocumentation))
            yield return new MenuItem("api", strings.ApiDocumentation) { Symbol = "book", Command = new OpenApiDocumentation() };
    }

    private static string Symbol(ServerState state) => state switch
    {
        ServerState.Running => "circle.fill",
        ServerState.Failed => "exclamationmark.circle.fill",
        ServerState.Starting or ServerState.Stopping => "circle.dotted",
        _ => "circle",
    };

    private static MenuItem Remedy(Remedy remedy, Strings strings) => remedy switch
    {
        Menu.Remedy.TryAgain => new("remedy.again", strings.TryAgain) { Key = 's', Command = new StartServer() },
        Menu.Remedy.UseFreePort => new("remedy.port", strings.UseFreePort) { Command = new StartOnFreePort() },
        Menu.Remedy.ShowLog => new("remedy.log", strings.ShowLog) { Command = new ShowLog() },
        _ => throw new ArgumentOutOfRangeException(nameof(remedy)),
    };
}
