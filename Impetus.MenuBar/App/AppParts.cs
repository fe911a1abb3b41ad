using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>What an app is made of. What is null does not exist in this build, and the menu is silent about it.</summary>
internal sealed record AppParts
{
    public required DataDirectory Data { get; init; }

    public required Strings Strings { get; init; }

    public required PreferencesStore Preferences { get; init; }

    public required IServerHost Host { get; init; }

    public required IPlatform Platform { get; init; }

    public required IKeychain Keychain { get; init; }

    public required INotifications Notifications { get; init; }

    public required IConditions Conditions { get; init; }

    /// <summary>Of this machine.</summary>
    public required Machine Machine { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool LastRunCrashed { get; init; }

    public IFileAccess Files { get; init; } = OpenFiles.Instance;

    public ILoginItem? LoginItem { get; init; }

    public UpdateCheck? Updates { get; init; }

    /// <summary>Path of the dashboard on the server, such as <c>/dashboard</c>.</summary>
    public string? DashboardPath { get; init; }

    /// <summary>Path of the pages that describe the API.</summary>
    public string? ApiDocumentationPath { get; init; }

    /// <summary>Whether there is a window for preferences.</summary>
    public bool HasPreferencesWindow { get; init; }

    /// <summary>Whether there is a window for questions.</summary>
    public bool HasQuestionWindow { get; init; }

    /// <summary>Whether there is a welcome.</summary>
    public bool HasWelcome { get; init; }

    public Services Services =>
        (DashboardPath is null ? 0 : Services.Dashboard)
        | (ApiDocumentationPath is null ? 0 : Services.ApiDocumentation)
        | (HasPreferencesWindow ? Services.Preferences : 0)
        | (HasWelcome ? Services.Welcome : 0)
        | (HasQuestionWindow ? Services.Questions : 0)
        | (Updates is null ? 0 : Services.Updates);
}
