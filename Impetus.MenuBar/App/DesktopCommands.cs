using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>What the menu asks of the desktop alone: copying, opening, showing. Without a server, what needs one does nothing.</summary>
internal sealed class DesktopCommands(AppParts parts, Func<IHostedServer?> running)
{
    /// <summary>Carries a command out.</summary>
    public void Perform(MenuCommand command)
    {
        var platform = parts.Platform;
        switch (command)
        {
            case MenuCommand.CopyAddress when running() is { } server:
                platform.Copy(new Uri(server.Address, "v1").AbsoluteUri);
                break;
            case MenuCommand.CopyKey when running() is { } server:
                platform.Copy(server.Key);
                break;
            case MenuCommand.CopySnippet { App: var app } when running() is { } server:
                platform.Copy(Snippets.For(app, server.Address, server.Key, parts.Preferences.Now.Model));
                break;
            case MenuCommand.OpenDashboard when running() is { } server && parts.DashboardPath is { } path:
                platform.Open(new Uri(server.Address, path));
                break;
            case MenuCommand.OpenApiDocumentation when running() is { } server && parts.ApiDocumentationPath is { } path:
                platform.Open(new Uri(server.Address, path));
                break;
            case MenuCommand.DownloadUpdate when parts.Updates?.Available is { Download: var download }:
                platform.Open(download);
                break;
            case MenuCommand.RevealDocument { Path: var path }:
                platform.Reveal(path);
                break;
            case MenuCommand.OpenLibraryFolder:
                platform.Reveal(parts.Data.Ensure(parts.Data.Library));
                break;
            case MenuCommand.OpenDataFolder:
                platform.Reveal(parts.Data.Ensure(parts.Data.Path));
                break;
            case MenuCommand.ShowLog:
                platform.Reveal(parts.Data.Ensure(parts.Data.Logs));
                break;
            case MenuCommand.AskQuestion { Question: var question }:
                platform.ShowAsk(question);
                break;
            case MenuCommand.ShowPreferences:
                platform.ShowPreferences();
                break;
            case MenuCommand.ShowAbout:
                platform.ShowAbout();
                break;
            case MenuCommand.Quit:
                platform.Quit();
                break;
        }
    }
}
