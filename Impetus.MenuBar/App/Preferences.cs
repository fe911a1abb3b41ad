using Impetus.Engine.Hub;
using Impetus.MenuBar.Menu;
using Impetus.Server.Management;

namespace Impetus.MenuBar.App;

/// <summary>What the user has chosen. Only valid ones are kept and handed out.</summary>
internal sealed record Preferences
{
    /// <summary>1 to 65535.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The chat model to serve, <c>org/name</c>.</summary>
    public string Model { get; init; } = StarterModels.Chat;

    public PerformanceMode Mode { get; init; } = PerformanceMode.Balanced;

    /// <summary>Whether the server starts with the app.</summary>
    public bool StartServerAtLaunch { get; init; } = true;

    /// <summary>Whether the app says what happened while nobody looked.</summary>
    public bool Notifications { get; init; } = true;

    /// <summary>Whether the app looks for newer versions by itself. Nothing leaves this Mac unasked.</summary>
    public bool CheckForUpdates { get; init; }

    /// <summary>Whether the welcome has been seen or skipped.</summary>
    public bool Welcomed { get; init; }

    /// <summary>What is wrong with these, a sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Port is < 1 or > 65535)
            faults.Add($"The port is {Port}. Choose one from 1 to 65535, such as 8080.");
        if (!ModelId.IsValid(Model))
            faults.Add($"'{Model}' is no model. Write org/name, such as {StarterModels.Chat}.");
        if (!Enum.IsDefined(Mode))
            faults.Add($"{(int)Mode} is no performance mode. There are: {string.Join(", ", Enum.GetNames<PerformanceMode>())}.");
        return faults;
    }
}
